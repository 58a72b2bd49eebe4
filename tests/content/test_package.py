"""The packages of the face detector: what is unpacked over the program is where it looks for it, is what is known, and needs
no more than it says."""
import hashlib
import json
import os
import pathlib
import re
import subprocess

import pytest

BUILD = pathlib.Path(os.environ["WANPREP_BIN"]).parent
PHOTO = pathlib.Path(os.environ["WANPREP_PHOTOS"]) / "sample1.jpg"
SUMS = pathlib.Path(__file__).parents[2] / "src" / "content" / "dnn" / "models.sha256"
MODULE_FROM_BIN, MODELS_FROM_BIN = os.environ["WP_CONTENT_MODULE_FROM_BIN"], os.environ["WP_CONTENT_MODELS_FROM_BIN"]


def do(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def pack(folder, kind):
    """The packages of all components by the component's name, made at a date."""
    do("cpack", "-G", kind, "--config", BUILD / "CPackConfig.cmake", "-B", folder,
       env=dict(os.environ, SOURCE_DATE_EPOCH="1700000000"))
    packages = {"content" if "-content" in path.name else "programs": path for path in folder.iterdir() if path.is_file()}
    assert len(packages) == 2
    return packages


@pytest.fixture(scope="module")
def tarballs(tmp_path_factory):
    return pack(tmp_path_factory.mktemp("tarballs"), "TGZ")


@pytest.fixture(scope="module")
def unpacked(tarballs, tmp_path_factory):
    """Both, in one folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    for tarball in tarballs.values():
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


def test_it_is_where_the_program_looks_for_it(place):
    assert (place / "bin" / MODULE_FROM_BIN).is_file()
    listed = dict(reversed(line.split()) for line in SUMS.read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (place / "bin" / MODELS_FROM_BIN).iterdir()}
    assert found == {name.split("/")[-1]: digest for name, digest in listed.items()}


def look(place, folder):
    """What is seen in a photo, with an empty environment."""
    said = do("env", "-i", place / "bin" / "wanprep", "check", "--json", "--image", PHOTO, cwd=folder)
    return json.loads(said)["image"]["content"]


def test_the_program_finds_it_wherever_it_is(place, tmp_path):
    [seen] = look(place, tmp_path)["looks"]
    assert seen["face_count"] == 3


def test_the_program_does_without(tarballs, tmp_path):
    do("tar", "-xf", tarballs["programs"], "-C", tmp_path)
    [top] = tmp_path.iterdir()
    content = look(top, tmp_path)
    assert content["state"] == "no-detector" and "looks" not in content


def test_the_module_alone_needs_opencv(place):
    def needed(path):
        return re.findall(r"\(NEEDED\).*\[(\w+)[-.\w]*\.so", do("readelf", "-d", path))

    assert {name for name in needed(place / "bin" / MODULE_FROM_BIN) if "opencv" in name} == {"libopencv_core", "libopencv_dnn"}
    for program in ("wanprep", "wanprep-sandbox"):
        assert not [name for name in needed(place / "bin" / program) if re.search("opencv|stdc", name)]


def test_the_module_shows_one_symbol_and_no_folder(place):
    module = place / "bin" / MODULE_FROM_BIN
    symbols = do("nm", "-D", "--defined-only", module)
    assert [line.split()[-1] for line in symbols.splitlines()] == ["wp_dnn"]
    assert not re.search(r"R(UN)?PATH", do("readelf", "-d", module))
    content = module.read_bytes()
    for folder in (BUILD, BUILD.parents[1]):
        assert os.fsencode(folder) + b"/" not in content


def test_no_more_is_in_it_than_it_needs(tarballs):
    files = [name.split("/", 1)[1] for name in do("tar", "-tf", tarballs["content"]).splitlines() if not name.endswith("/")]
    expected = {os.path.normpath("bin/" + MODULE_FROM_BIN), "share/doc/wanprep-content/copyright"}
    expected |= {os.path.normpath(f"bin/{MODELS_FROM_BIN}/{line.split('/')[-1].split()[-1]}")
                 for line in SUMS.read_text().splitlines()}
    assert set(files) == expected


def test_two_tarballs_of_one_build_are_the_same(tarballs, tmp_path):
    for component, again in pack(tmp_path, "TGZ").items():
        assert again.read_bytes() == tarballs[component].read_bytes()


def test_the_debian_package_depends_on_the_program_and_opencv(tmp_path):
    packages = pack(tmp_path, "DEB")
    depends = do("dpkg-deb", "-f", packages["content"], "Depends")
    version = do("dpkg-deb", "-f", packages["programs"], "Version").strip()
    assert f"wanprep (= {version})" in depends.split(", ")
    assert re.search(r"\blibopencv-core\d+\b", depends) and re.search(r"\blibopencv-dnn\d+\b", depends), depends
    assert not re.search("opencv|stdc", do("dpkg-deb", "-f", packages["programs"], "Depends"))
    content = do("dpkg-deb", "-c", packages["content"])
    for path in (os.path.normpath("/usr/bin/" + MODULE_FROM_BIN), "/usr/share/doc/wanprep-content/copyright"):
        assert f" .{path}\n" in content, content
    assert set(re.findall(r"^\S+ (\S+)", content, re.M)) == {"root/root"}
    assert not set(re.findall(r" (\./.*[^/])\n", content)) & set(
        re.findall(r" (\./.*[^/])\n", do("dpkg-deb", "-c", packages["programs"])))
