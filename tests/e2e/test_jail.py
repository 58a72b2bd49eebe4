"""The child without rights, through the real binary: with decoders that do what none should."""
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest
from conftest import FIXTURES, WANPREP

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
SOURCE = pathlib.Path(__file__).with_name("bad_decoder.c")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    if os.environ.get("WANPREP_BUNDLED") == "1":
        pytest.skip("FFmpeg is part of this program, so no library can stand in for it")
    folder = tmp_path_factory.mktemp("bad_decoder")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", "bad.so", SOURCE], cwd=folder, check=True)
    return folder / "bad.so"


@pytest.fixture
def bad(wanprep, library):
    def prepare(deed):
        options = wanprep.env.get("ASAN_OPTIONS", "")
        wanprep.env.update(LD_PRELOAD=str(library), DEED=deed, ASAN_OPTIONS=options + ":verify_asan_link_order=0")
        return wanprep
    return prepare


def without_time(document):
    document.pop("elapsed_ms")
    return document


def test_the_same_without(wanprep):
    for depth in ("header", "frame", "full"):
        jailed = wanprep.json("check", "--json", "--depth", depth, IMAGE, VIDEO)
        free = wanprep.json("check", "--json", "--depth", depth, "--no-sandbox", "--workers", "1", IMAGE, VIDEO)
        assert without_time(jailed) == without_time(free)


@pytest.mark.parametrize("deed", ["crash", "abort", "connect"])
def test_a_decoder_that_crashes_is_a_finding(bad, deed):
    document = bad(deed).json("check", "--json", IMAGE, VIDEO, code=3)
    assert document["verdict"] == "reject"
    findings = {finding["rule"]: finding for finding in document["findings"] if finding["level"] == "error"}
    assert set(findings) == {"image.unreadable", "video.unreadable"}
    assert all("crashed" in finding["message"] for finding in findings.values())


def test_a_caller_that_ignores_its_children_is_told_as_much(bad):
    wanprep = bad("crash")
    command = ["env", "--ignore-signal=CHLD", WANPREP, "check", "--json", IMAGE, VIDEO]
    done = subprocess.run(command, env=wanprep.env, capture_output=True, check=False)
    assert done.returncode == 3
    assert all("SIGSEGV" in finding["message"] for finding in json.loads(done.stdout)["findings"] if finding["level"] == "error")


def test_the_level_of_a_crash_cannot_be_changed(bad):
    done = bad("crash")("check", "--ignore", "video.unreadable", IMAGE, VIDEO)
    assert done.returncode == 2


def test_header_depth_decodes_nothing(bad):
    assert bad("crash").json("check", "--json", "--depth", "header", IMAGE, VIDEO)["verdict"] == "accept"


def test_nothing_is_sent_when_a_decoder_crashes(bad):
    wanprep = bad("crash")
    wanprep.env["DASHSCOPE_API_KEY"] = "sk-0123456789"
    done = wanprep("run", "--yes", "--base-url", "http://127.0.0.1:9", IMAGE, VIDEO)
    assert done.returncode == 3


def test_a_system_that_forbids_it(bad):
    wanprep = bad("forbid")
    done = wanprep("check", "--json", IMAGE, VIDEO)
    assert done.returncode == 70 and done.stdout == ""
    assert "--no-sandbox" in done.stderr and "seccomp" in done.stderr
    document = json.loads(wanprep("check", "--json", "--no-sandbox", "--depth", "header", IMAGE, VIDEO).stdout)
    assert document["verdict"] == "accept"


def children(pid):
    try:
        return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def wait_for(condition):
    for _ in range(3000):
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("it did not come")


def status(pid):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def is_confined(pid):
    try:
        return status(pid)["Seccomp"] == "2"
    except OSError:
        return False


def is_running(pid):
    try:
        return status(pid)["State"][0] not in "ZX"
    except OSError:
        return False


# A pair has a child each; of many pairs the children are those of a warden, who replaces them.
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("videos", [1, 9])
def test_children_have_no_rights_and_end_with_their_caller(bad, tmp_path, number, videos):
    copies = [tmp_path / f"{i}.mp4" for i in range(videos)]
    for copy in copies:
        copy.symlink_to(VIDEO)
    caller = bad("sleep").start("check", "--image", IMAGE, *(word for copy in copies for word in ("--video", copy)),
                                "--workers", "2")
    parent = caller.pid if videos == 1 else wait_for(lambda: children(caller.pid))[0]
    found = wait_for(lambda: len(children(parent)) == 2 and all(map(is_confined, children(parent))) and children(parent))
    for pid in found:
        assert status(pid)["NoNewPrivs"] == "1"
        assert not pathlib.Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0")
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text().splitlines()
        limit = {line[:26].strip(): line[26:].split()[0] for line in limits[1:]}
        assert limit["Max core file size"] == "0" and limit["Max file size"] == "0"
        assert limit["Max cpu time"] != "unlimited" and limit["Max data size"] != "unlimited"
        assert int(limit["Max open files"]) <= 8
    caller.send_signal(number)
    caller.communicate()
    wait_for(lambda: not any(map(is_running, [*found, *([parent] if videos > 1 else [])])))
