"""The packages of a release: the tarball works where it is unpacked, has the licences of all that is in it, and names no
folder of the machine that made it."""
import os
import pathlib
import re
import shlex
import subprocess

import pytest

from conftest import BIN, DOCS, FIXTURES

BUILD = BIN.parent
IMAGE, VIDEO = FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4"
TOOLCHAIN = {"libc_nonshared.a", "libgcc.a"}  # linked to everything that gcc makes, which their licences allow


def do(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pack(folder, kind, component="programs"):
    """A package of a component, made at a date; its path."""
    do("cpack", "-G", kind, "--config", BUILD / "CPackConfig.cmake", "-B", folder, "-D", f"CPACK_COMPONENTS_ALL={component}",
       env=dict(os.environ, SOURCE_DATE_EPOCH="1700000000"))
    [package] = [path for path in folder.iterdir() if path.is_file()]
    return package


@pytest.fixture(scope="module")
def tarball(tmp_path_factory):
    return pack(tmp_path_factory.mktemp("tarball"), "TGZ")


@pytest.fixture(scope="module")
def unpacked(tarball, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    do("tar", "-xf", tarball, "-C", folder)
    [top] = folder.iterdir()
    return top


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    do("cmake", "--install", BUILD, "--strip", "--prefix", folder)
    return folder


@pytest.fixture(params=["unpacked", "installed"])
def place(request):
    return request.getfixturevalue(request.param)


def test_it_checks_a_pair_with_an_empty_environment(place, tmp_path):
    said = do("env", "-i", place / "bin" / "wanprep", "check", IMAGE, VIDEO, cwd=tmp_path)
    assert "accept" in said.lower()
    done = subprocess.run(["env", "-i", place / "bin" / "wanprep", "check", VIDEO, IMAGE], cwd=tmp_path, check=False,
                          capture_output=True)
    assert done.returncode == 1, done


def test_it_does_the_whole_job(place, tmp_path):
    said = do("env", "-i", place / "bin" / "wanprep-sandbox", "--", place / "bin" / "wanprep", "run", "-q", "--store",
              tmp_path / "jobs.sqlite", "-o", tmp_path / "out", IMAGE, VIDEO, cwd=tmp_path)
    assert pathlib.Path(said.rstrip("\n")).is_file()


def test_it_needs_the_libraries_that_the_page_names(place):
    needed = set(re.findall(r"\(NEEDED\).*\[(\w+)[-.\w]*\.so", do("readelf", "-d", place / "bin" / "wanprep")))
    page = (DOCS / "building.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:3] for row in page.splitlines() if row.startswith("| lib") and row.count("|") == 4]
    at_start = {name for names, when in rows if when.strip() == "at the start" for name in names.replace(",", " ").split()}
    assert needed - {"ld"} == at_start


def test_it_names_no_folder_of_the_build(place):
    for program in ("wanprep", "wanprep-sandbox"):
        path = place / "bin" / program
        assert not re.search(r"R(UN)?PATH", do("readelf", "-d", path))
        assert ".symtab" not in do("readelf", "-S", "-W", path)
        content = path.read_bytes()
        for folder in (BUILD, BUILD.parents[1]):
            assert os.fsencode(folder) + b"/" not in content


def test_no_more_is_in_it_than_a_user_needs(unpacked):
    assert {path.name for path in unpacked.iterdir()} == {"bin", "share"}
    assert {path.name for path in (unpacked / "bin").iterdir()} == {"wanprep", "wanprep-sandbox"}
    assert (unpacked / "share" / "man" / "man1" / "wanprep.1").is_file()
    for name in ("README.md", "LICENSE", "docs/rules.md", "docs/sandbox.md"):
        assert (unpacked / "share" / "doc" / "wanprep" / name).is_file(), name


def linked_archives(tmp_path):
    """What the linker takes members of, by linking the program once more."""
    commands = do("ninja", "-C", BUILD, "-t", "commands", "-s", "src/wanprep").replace(": &&", "").replace("&& :", "")
    link = shlex.split(commands.splitlines()[-1])
    link[link.index("-o") + 1] = str(tmp_path / "wanprep")
    do(*link, f"-Wl,-Map={tmp_path / 'map'}", cwd=BUILD)
    return {pathlib.Path(path).name for path in re.findall(r"^(\S+\.a)\(\S+\)$", (tmp_path / "map").read_text(), re.M)}


def test_each_linked_archive_has_its_licence(place, tmp_path):
    docs = place / "share" / "doc" / "wanprep"
    copyright_ = (docs / "copyright").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^  (\S+) \S+: (.+)$", copyright_, re.M))
    archives = linked_archives(tmp_path)
    assert "libavcodec.a" in archives, archives
    archives -= TOOLCHAIN | {"libwanprep.a"}
    assert {"stb_image.h", *archives} == {part for parts in listed.values() for part in parts.split()}
    for name in listed:
        text = (docs / "licences" / name).read_text(encoding="utf-8")
        assert "copyright" in text.lower(), name
        for common in re.findall(r"/usr/share/common-licenses/([\w.-]*\d)", text):
            assert (docs / "licences" / common).stat().st_size > 5000, (name, common)
    assert (docs / "LICENSE").read_text(encoding="utf-8") in copyright_


def test_two_tarballs_of_one_build_are_the_same(tarball, tmp_path):
    assert pack(tmp_path, "TGZ").read_bytes() == tarball.read_bytes()


def test_the_debian_package_depends_on_what_it_loads(tmp_path):
    package = pack(tmp_path, "DEB")
    depends = do("dpkg-deb", "-f", package, "Depends")
    for name in ("libc6", "libcurl4", "libsqlite3-0", "libcjson1", "libmicrohttpd12"):
        assert re.search(rf"\b{name}\b", depends), depends
    content = do("dpkg-deb", "-c", package)
    for path in ("/usr/bin/wanprep", "/usr/share/man/man1/wanprep.1", "/usr/share/doc/wanprep/copyright"):
        assert f" .{path}\n" in content, content
    assert set(re.findall(r"^\S+ (\S+)", content, re.M)) == {"root/root"}
