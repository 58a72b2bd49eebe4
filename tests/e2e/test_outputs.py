"""Several reports at once: --format, --output and --report, written whole or not at all."""
import json
import os
import shutil
import signal
import stat
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from conftest import FIXTURES, WANPREP, validate

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
PAIRS = [IMAGE, VIDEO, VIDEO, IMAGE, IMAGE, VIDEO]  # the second one is swapped


def litter(folder):
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp")]


def is_sound(name, content, pairs):
    if name == "text":
        return "REJECT" in content and "ACCEPT" in content
    if name in ("json", "jsonl"):
        lines = content.splitlines()
        for line in lines:
            validate(json.loads(line), "check.schema.json")
        return len(lines) == pairs
    if name == "junit":
        root = ElementTree.fromstring(content)
        return len(list(root.iter("testsuite"))) == pairs and list(root.iter("failure"))
    if name == "github":
        return content.startswith("::error")
    if name == "html":
        return content.startswith("<!doctype html>") and content.rstrip().endswith("</html>") and "data:image/jpeg" in content
    return json.loads(content)["version"] == "2.1.0"


FORMATS = ["text", "json", "jsonl", "junit", "github", "sarif", "html"]


def test_all_formats_at_once(wanprep, tmp_path):
    outputs = [f"--output={name}={name}.out" for name in FORMATS]
    done = wanprep("check", *PAIRS, *outputs)
    assert done.returncode == 1 and not done.stderr
    for name in FORMATS:
        assert is_sound(name, (tmp_path / f"{name}.out").read_text(), 3), name
    assert is_sound("text", done.stdout, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.out" for name in FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_what_standard_output_would_be(wanprep, tmp_path, name):
    done = wanprep("check", "--format", name, "--output", f"{name}=file", *PAIRS)
    assert done.returncode == 1 and is_sound(name, done.stdout, 3)
    def steady(text):
        return [line for line in text.splitlines() if "elapsed" not in line and "time=" not in line]
    content = (tmp_path / "file").read_text()
    assert is_sound(name, content, 3) and steady(content) == steady(done.stdout)


def test_a_report_is_a_page_with_pictures(wanprep, tmp_path):
    done = wanprep("check", "--report", "page.html", IMAGE, VIDEO)
    assert done.returncode == 0 and is_sound("text", done.stdout + "REJECT", 1)
    assert is_sound("html", (tmp_path / "page.html").read_text(), 1)
    rejected = wanprep("check", "--report", "page.html", "--report", "page.html", IMAGE, VIDEO)
    assert (rejected.returncode, rejected.stdout) == (2, "")


def test_an_equals_sign_in_the_name(wanprep, tmp_path):
    assert wanprep("check", IMAGE, VIDEO, "--output", "json=a=b.json").returncode == 0
    validate(json.loads((tmp_path / "a=b.json").read_text()), "check.schema.json")


def test_a_file_is_as_the_umask_says_and_replaces_what_was_there(wanprep, tmp_path):
    (tmp_path / "out.json").write_text("old")
    os.link(tmp_path / "out.json", tmp_path / "kept")
    done = subprocess.run(["sh", "-c", 'umask 022; exec "$@"', "sh", WANPREP, "check", IMAGE, VIDEO, "--output=json=out.json"],
                          cwd=tmp_path, env=wanprep.env, capture_output=True, text=True)
    assert done.returncode == 0
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o644
    assert (tmp_path / "kept").read_text() == "old"


def test_devices_pipes_and_links_are_written_through(wanprep, tmp_path):
    (tmp_path / "real.json").write_text("old and longer than nothing")
    (tmp_path / "link.json").symlink_to("real.json")
    done = wanprep("check", "-q", IMAGE, VIDEO, "--output", "json=/dev/stdout", "--output", "jsonl=/dev/null",
                   "--output", "json=link.json")
    assert done.returncode == 0
    validate(json.loads(done.stdout), "check.schema.json")
    assert (tmp_path / "link.json").is_symlink()
    validate(json.loads((tmp_path / "real.json").read_text()), "check.schema.json")


@pytest.mark.parametrize("path", ["/dev/full", "missing/out.json", ".", "folder/"])
@pytest.mark.parametrize("image, good", [(IMAGE, True), (VIDEO, False)])
def test_a_report_that_cannot_be_written_is_never_success(wanprep, tmp_path, path, image, good):
    (tmp_path / "folder").mkdir()
    done = wanprep("check", image, VIDEO, "--output", f"jsonl={path}", "--output", "junit=other.xml")
    assert done.returncode == 70
    assert path in done.stderr and done.stderr.count("\n") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder"]


def test_full_standard_output_leaves_no_success(wanprep, tmp_path):
    with open("/dev/full", "w") as full:
        done = wanprep("check", *PAIRS, stdout=full)
    assert done.returncode == 70 and done.stderr


def test_usage_errors_touch_nothing(wanprep, tmp_path):
    (tmp_path / "out").write_text("old")
    for args in (["--output", "json"], ["--output", "json="], ["--output", "=out"], ["--output", "yaml=out"],
                 ["--output", "json=out", "--output", "junit=out"], ["--output=json=out"] * 17,
                 ["--output", "json=out", "extra.jpg"]):
        done = wanprep("check", *args, IMAGE, VIDEO)
        assert (done.returncode, done.stdout) == (2, ""), args
    assert (tmp_path / "out").read_text() == "old" and not litter(tmp_path)


def test_a_report_never_overwrites_an_input(wanprep, tmp_path):
    names = {"person.jpg": IMAGE, "dance.mp4": VIDEO}
    for name, source in names.items():
        shutil.copy(source, tmp_path / name)
    (tmp_path / "m.csv").write_text("image,video\nperson.jpg,dance.mp4\n")
    (tmp_path / "profile.json").write_text(wanprep("limits", "--json").stdout)
    (tmp_path / "link").symlink_to("dance.mp4")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for path in (*before, "./person.jpg", tmp_path / "m.csv", "../" + tmp_path.name + "/dance.mp4"):
        done = wanprep("check", "--manifest", "m.csv", "--profile", "profile.json", "--output", f"json={path}")
        assert (done.returncode, done.stdout) == (2, "") and str(path) in done.stderr, path
    for pair in (["a.json", "./a.json"], ["a.json", tmp_path / "a.json"], ["link", "dance.mp4"]):
        done = wanprep("check", IMAGE, VIDEO, *(f"--output=json={path}" for path in pair))
        assert (done.returncode, done.stdout) == (2, ""), pair
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert wanprep("check", "person.jpg", "dance.mp4", "--output=json=new.jpg").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_leaves_the_old_report(wanprep, tmp_path, number):
    (tmp_path / "out.json").write_text("old")
    (tmp_path / "m.csv").write_text("image,video\n" + f"{IMAGE},{VIDEO}\n" * 20000)
    process = wanprep.start("check", "--depth", "header", "--manifest", "m.csv", "--output", "json=out.json")
    process.stdout.readline()  # it is at work
    process.send_signal(number)
    process.stdout.read()
    assert process.wait(timeout=60) == 130
    assert (tmp_path / "out.json").read_text() == "old" and not litter(tmp_path)
