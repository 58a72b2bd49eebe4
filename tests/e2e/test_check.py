"""`wanprep check` as its users call it: documents, exit codes, options and inputs that cannot be had."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

import pytest

from conftest import DOCS, FIXTURES, WANPREP, validate
from terminal import at_terminal

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"


def check(wanprep, *args, code):
    """Runs check --json, wants this exit code and a document by the schema, and returns the document."""
    document = wanprep.json("check", "--json", *args, code=code)
    validate(document, "check.schema.json")
    assert document["verdict"] == ("accept" if code == 0 else "reject")
    return document


def rules(document, level=None):
    return {finding["rule"] for finding in document["findings"] if level in (None, finding["level"])}


def test_a_good_pair_is_accepted(wanprep):
    document = check(wanprep, IMAGE, VIDEO, code=0)
    assert not rules(document, "error")
    assert document["image"]["source"] == str(IMAGE)
    assert document["image"]["facts"]["format"] and document["video"]["facts"]["duration"] > 2
    cost = document["cost"]
    assert cost["currency"] == "CNY" and cost["amount"] == pytest.approx(0.4 * cost["seconds"], abs=0.001)


def test_mode_and_region_set_the_price(wanprep):
    cost = check(wanprep, "--mode", "wan-pro", "--region", "intl", IMAGE, VIDEO, code=0)["cost"]
    assert (cost["currency"], cost["mode"]) == ("USD", "wan-pro")


@pytest.mark.parametrize("depth", ["header", "frame", "full"])
def test_every_depth_accepts_a_good_pair_and_says_which_it_was(wanprep, depth):
    assert check(wanprep, "--depth", depth, IMAGE, VIDEO, code=0)["depth"] == depth


def test_one_medium_alone(wanprep):
    document = check(wanprep, "--image", IMAGE, code=0)
    assert "video" not in document
    document = check(wanprep, "--video", VIDEO, code=0)
    assert "image" not in document
    document = check(wanprep, "--video", VIDEO, "--image", IMAGE, code=0)
    assert "image" in document and "video" in document


def test_text_names_the_verdict_and_the_finding(wanprep):
    good = wanprep("check", IMAGE, VIDEO)
    assert good.returncode == 0 and good.stdout and not good.stderr
    bad = wanprep("check", VIDEO, VIDEO)
    assert bad.returncode == 1 and "image.format" in bad.stdout and not bad.stderr
    assert "\x1b" not in good.stdout + bad.stdout


def test_quiet_text_of_a_good_pair_has_no_more_than_findings(wanprep):
    assert len(wanprep("check", "-q", IMAGE, VIDEO).stdout) < len(wanprep("check", IMAGE, VIDEO).stdout)
    assert "image.format" in wanprep("check", "-q", VIDEO, VIDEO).stdout


def test_junit_is_xml_that_counts_its_failures(wanprep):
    good = ElementTree.fromstring(wanprep("check", "--format", "junit", IMAGE, VIDEO).stdout)
    assert list(good.iter("testcase")) and not list(good.iter("failure"))
    bad = wanprep("check", "--format", "junit", VIDEO, VIDEO)
    assert bad.returncode == 1 and list(ElementTree.fromstring(bad.stdout).iter("failure"))


def test_github_annotations(wanprep):
    done = wanprep("check", "--format", "github", VIDEO, VIDEO)
    assert done.returncode == 1
    assert any(line.startswith("::error") for line in done.stdout.splitlines())


def test_levels_are_the_users(wanprep, tmp_path):
    misnamed = tmp_path / "person.png"
    shutil.copy(IMAGE, misnamed)
    assert "image.extension" in rules(check(wanprep, misnamed, VIDEO, code=0), "warning")
    assert "image.extension" in rules(check(wanprep, "--strict", misnamed, VIDEO, code=1), "error")
    check(wanprep, "--level", "image.extension=error", misnamed, VIDEO, code=1)
    ignored = check(wanprep, "--strict", "--ignore", "image.extension", misnamed, VIDEO, code=0)
    assert "image.extension" not in rules(ignored)
    check(wanprep, "--level=image.extension=error", "--level=image.extension=note", misnamed, VIDEO, code=0)


RULES = re.findall(r"^## `([a-z.-]+)`$", (DOCS / "rules.md").read_text(), re.M)
FIXED = [rule for rule in RULES if rule.endswith((".unreadable", ".undetermined"))]


@pytest.mark.parametrize("rule", FIXED)
def test_what_cannot_be_read_or_judged_cannot_be_made_good(wanprep, rule):
    for args in (["--ignore", rule], ["--level", f"{rule}=warning"]):
        done = wanprep("check", *args, IMAGE, VIDEO)
        assert (done.returncode, done.stdout) == (2, "") and rule in done.stderr
    assert wanprep("check", "--level", f"{rule}=error", IMAGE, VIDEO).returncode == 0


@pytest.mark.parametrize("side", ["--image", "--video"])
def test_ignoring_every_other_rule_never_accepts_what_is_no_medium(wanprep, tmp_path, side):
    ignore = [f"--ignore={rule}" for rule in RULES if rule not in FIXED]
    assert len(FIXED) == 4 and len(ignore) > 30
    good = IMAGE if side == "--image" else VIDEO
    assert wanprep("check", *ignore, side, good).returncode == 0
    for content in (b"", b"<!DOCTYPE html><html></html>", b"\0" * 4096, good.read_bytes()[:20]):
        (tmp_path / "input").write_bytes(content)
        assert wanprep("check", *ignore, side, "input").returncode == 1
    for name in ("missing", ".", "/dev/zero", "https://example.com/input"):
        assert wanprep("check", *ignore, side, name).returncode == 3


@pytest.mark.parametrize("args, names", [
    ([], ["image", "video"]),
    (["one.jpg"], ["--image", "--video"]),
    (["a.jpg", "b.mp4", "c.mp4"], ["c.mp4"]),
    (["--image", "a.jpg", "b.mp4"], ["b.mp4"]),
    (["--depth", "deep", "a.jpg", "b.mp4"], ["--depth", "deep", "header"]),
    (["--format", "yaml", "a.jpg", "b.mp4"], ["--format", "yaml", "junit"]),
    (["--level", "image.size", "a.jpg", "b.mp4"], ["--level", "image.size"]),
    (["--level", "image.size=loud", "a.jpg", "b.mp4"], ["--level", "loud", "warning"]),
    (["--level", "no.rule=error", "a.jpg", "b.mp4"], ["--level", "no.rule"]),
    (["--level", "x" * 5000 + "=error", "a.jpg", "b.mp4"], ["--level"]),
    (["--ignore", "no.rule", "a.jpg", "b.mp4"], ["--ignore", "no.rule"]),
    (["--mode", "wan-max", "a.jpg", "b.mp4"], ["--mode", "wan-max", "wan-pro"]),
    (["--region", "mars", "a.jpg", "b.mp4"], ["--region", "mars", "intl"]),
    (["--image", ""], ["--image"]),
])
def test_usage_errors_print_no_document(wanprep, args, names):
    done = wanprep("check", "--json", *args)
    assert (done.returncode, done.stdout) == (2, "")
    for name in names:
        assert name in done.stderr


def test_a_name_that_begins_with_a_dash(wanprep, tmp_path):
    shutil.copy(IMAGE, tmp_path / "-x.jpg")
    shutil.copy(VIDEO, tmp_path / "--json")
    done = wanprep("check", "--", "-x.jpg", "--json")
    assert done.returncode == 0 and "-x.jpg" in done.stdout
    assert wanprep("check", "--image=-x.jpg").returncode == 0


def test_a_name_with_control_bytes_and_no_utf8_still_gives_one_document(wanprep, tmp_path):
    name = b"bad\xff\x1b[31m\n.jpg"
    shutil.copy(IMAGE, os.path.join(os.fsencode(tmp_path), name))
    done = subprocess.run([os.fsencode(WANPREP), b"check", b"--json", b"--image", name], cwd=tmp_path,
                          stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0
    validate(json.loads(done.stdout), "check.schema.json")
    done = subprocess.run([os.fsencode(WANPREP), b"check", b"--image", name], cwd=tmp_path,
                          stdout=subprocess.PIPE, check=False)
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("side", ["--image", "--video"])
def test_bytes_that_are_no_medium_are_rejected(wanprep, tmp_path, side):
    medium = side[2:]
    for content in (b"", b"\0" * 4096, b"<!DOCTYPE html><html></html>", os.urandom(4096)):
        path = tmp_path / f"input.{'jpg' if medium == 'image' else 'mp4'}"
        path.write_bytes(content)
        document = check(wanprep, side, path, code=1)
        assert any(rule.startswith(f"{medium}.") for rule in rules(document, "error"))


@pytest.mark.parametrize("side", ["--image", "--video"])
def test_inputs_that_cannot_be_had(wanprep, tmp_path, side):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    for name in ("missing", "folder", "fifo", "loop", "/dev/zero", "missing/below", "x" * 5000):
        document = check(wanprep, side, name, code=3)
        assert f"{side[2:]}.unreadable" in rules(document, "error")


@pytest.mark.parametrize("side", ["--image", "--video"])
def test_a_file_without_permission(wanprep, side):
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program = shutil.copy(WANPREP, folder)
        secret = os.path.join(folder, "secret.jpg")
        shutil.copy(IMAGE, secret)
        os.chmod(secret, 0)
        # Root may read everything: the program then runs as nobody.
        identity = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run([program, "check", "--json", side, secret], cwd=folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, **identity)
    assert done.returncode == 3, done.stderr
    document = json.loads(done.stdout)
    validate(document, "check.schema.json")
    assert "ermission denied" in json.dumps(document)


def test_one_input_that_cannot_be_had_beside_one_that_is_wrong_is_3(wanprep, tmp_path):
    (tmp_path / "empty.jpg").touch()
    check(wanprep, "empty.jpg", "missing.mp4", code=3)
    check(wanprep, "missing.jpg", VIDEO, code=3)


@pytest.mark.parametrize("url", ["ftp://example.com/person.jpg", "file:///etc/passwd", "data:image/png;base64,AAAA"])
def test_urls_of_other_schemes_are_never_accepted(wanprep, url):
    done = wanprep("check", "--json", "--image", url)
    assert done.returncode in (1, 3)
    validate(json.loads(done.stdout), "check.schema.json")


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_a_report_that_cannot_be_written_is_never_success(wanprep, form):
    with open("/dev/full", "w") as full:
        done = wanprep("check", "--format", form, VIDEO, IMAGE, stdout=full)
    assert done.returncode == 70
    assert "standard output" in done.stderr


def test_verbose_logs_go_to_standard_error_only(wanprep):
    done = wanprep("check", "--json", "-vv", IMAGE, VIDEO)
    assert json.loads(done.stdout)["verdict"] == "accept"


def test_nothing_is_left_behind_and_no_home_is_needed(wanprep, tmp_path):
    del wanprep.env["HOME"]
    assert wanprep("check", IMAGE, VIDEO).returncode == 0
    assert not list(tmp_path.iterdir())


TRAP = """
#include <stdlib.h>
#define TRAP(name) void *name(void); void *name(void) { abort(); }
TRAP(curl_global_init) TRAP(curl_easy_init) TRAP(curl_url) TRAP(sqlite3_initialize) TRAP(sqlite3_open_v2)
"""


def test_local_files_touch_neither_libcurl_nor_sqlite(wanprep, tmp_path):
    (tmp_path / "trap.c").write_text(TRAP)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "trap.so", "trap.c"], cwd=tmp_path, check=True)
    wanprep.env["LD_PRELOAD"] = str(tmp_path / "trap.so")
    wanprep.env["ASAN_OPTIONS"] = wanprep.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    for depth in ("header", "frame", "full"):
        assert wanprep("check", "--depth", depth, IMAGE, VIDEO).returncode == 0
    wanprep.env["DASHSCOPE_API_KEY"] = "sk-test"
    done = wanprep("run", "--base-url", "http://127.0.0.1:1/api/v1", IMAGE, VIDEO)
    assert done.returncode < 0, "the trap does not work"


def test_colour_only_on_a_terminal_and_never_with_no_color(wanprep):
    wanprep.env["TERM"] = "xterm"
    assert "\x1b" in at_terminal(wanprep, "check", VIDEO, VIDEO)[1]
    wanprep.env["NO_COLOR"] = "1"
    assert "\x1b" not in at_terminal(wanprep, "check", VIDEO, VIDEO)[1]
    del wanprep.env["NO_COLOR"]
    wanprep.env["TERM"] = "dumb"
    assert "\x1b" not in at_terminal(wanprep, "check", VIDEO, VIDEO)[1]
