"""`wanprep run` against the local emulator: what is sent, what is kept, what is said, and how it ends."""
import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import urllib.parse

import pytest

from conftest import FIXTURES, command, validate
from emulator import Emulator
from media_server import MediaServer
from terminal import at_terminal

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
QUICK = ("--poll-interval", "100ms")
ROOT = "aliyun-wan-animate-move"


def run(wanprep, *args, code, pair=(IMAGE, VIDEO)):
    """Runs it with --json, wants this exit code and a document by the schema, and returns the document."""
    document = wanprep.json("run", "--json", *QUICK, *args, *pair, code=code)
    validate(document, "run.schema.json")
    assert document["exit_code"] == code
    return document


def creates(service):
    return service.requests("create")


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file())


def price(wanprep):
    return wanprep.json("check", "--json", IMAGE, VIDEO)["cost"]["amount"]


# The whole way


def test_a_good_pair_becomes_a_video_with_evidence(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    document = run(wanprep, code=0)
    assert (document["status"], document["state"], document["joined"]) == ("OK", "done", False)
    task = document["task_id"]
    root = tmp_path / "output" / ROOT
    assert (tmp_path / document["video"]).samefile(root / "videos" / f"{task}.mp4")
    assert (tmp_path / document["evidence"]["answer"]).samefile(root / "tasks" / f"{task}.json")
    assert (tmp_path / document["evidence"]["log"]).samefile(root / "tasks" / f"{task}.log.jsonl")
    answer = json.loads((root / "tasks" / f"{task}.json").read_text())
    assert answer["output"]["task_status"] == "SUCCEEDED"
    for line in (root / "tasks" / f"{task}.log.jsonl").read_text().splitlines():
        json.loads(line)
    assert document["billed"]["seconds"] == pytest.approx(3.2)
    assert document["preflight"]["verdict"] == "accept"
    assert len(creates(service)) == 1 and len(service.requests("upload")) == 2


def test_text_ends_with_the_video_and_the_evidence_and_progress_is_elsewhere(wanprep, emulate, tmp_path):
    emulate("--running", "300")
    done = wanprep("run", *QUICK, IMAGE, VIDEO)
    assert done.returncode == 0, done.stderr
    paths = [tmp_path / line.split(None, 1)[1] for line in done.stdout.splitlines()[-3:]]
    assert [path.suffix for path in paths] == [".mp4", ".json", ".jsonl"] and all(path.is_file() for path in paths)
    task = paths[0].stem
    assert f"task {task}\n" in done.stderr
    assert "uploading person.jpg" in done.stderr and "RUNNING" in done.stderr and "\r" not in done.stderr


def test_quiet_prints_the_path_of_the_video_alone(wanprep, emulate, tmp_path):
    emulate()
    done = wanprep("run", "-q", *QUICK, IMAGE, VIDEO)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1 and (tmp_path / done.stdout.rstrip("\n")).is_file()


def test_files_are_private_and_the_key_is_nowhere(wanprep, emulate, tmp_path):
    service = emulate()
    os.umask(0o022)
    done = wanprep("run", "-vv", *QUICK, IMAGE, VIDEO)
    assert done.returncode == 0
    for path in (tmp_path / "output").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert service.KEY not in done.stdout + done.stderr
    assert service.KEY.encode() not in all_bytes(tmp_path)
    assert not any(request.key_elsewhere for request in service.requests())


def test_the_key_is_in_no_argument_list(wanprep, emulate):
    service = emulate("--fault", "query@1-20=status:PENDING")
    process = wanprep.start("run", *QUICK, IMAGE, VIDEO)
    for line in process.stderr:
        if "PENDING" in line:
            break
    arguments = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
    process.communicate(timeout=60)
    assert b"run" in arguments and service.KEY.encode() not in arguments and process.returncode == 0


def test_options_reach_the_request(wanprep, emulate):
    service = emulate()
    run(wanprep, "--mode", "wan-pro", "--watermark", "--no-check-image", "--workspace", "ws-1", code=0)
    [create] = creates(service)
    assert create.json["parameters"] == {"mode": "wan-pro", "check_image": False}
    assert create.json["input"]["watermark"] is True
    assert create.json["input"]["image_url"].startswith("oss://")
    assert create.headers["x-dashscope-workspace"] == "ws-1"
    assert create.headers["x-dashscope-ossresourceresolve"] == "enable"


def test_urls_are_passed_on(wanprep, emulate):
    service = emulate()
    pair = ("https://example.com/person.jpg", "https://example.com/dance.mp4")
    document = run(wanprep, "--skip-preflight", code=0, pair=pair)
    [create] = creates(service)
    assert (create.json["input"]["image_url"], create.json["input"]["video_url"]) == pair
    assert not service.requests("upload") and not service.requests("policy")
    assert document["cost"]["at_most"] is True and document["cost"]["seconds"] == 30


def test_what_is_in_the_services_storage_is_not_measured_and_passes(wanprep):
    document = run(wanprep, "--dry-run", code=0, pair=("oss://bucket/person.jpg", "oss://bucket/dance.mp4"))
    assert {each["level"] for each in document["preflight"]["findings"]} == {"warning"}


def test_urls_are_measured_before_anything_is_paid(wanprep, emulate):
    service = emulate()
    with MediaServer() as server:
        pair = (server.put("/person.jpg", IMAGE.read_bytes(), kind="image/jpeg"),
                server.put("/dance.mp4", VIDEO.read_bytes()))
        document = run(wanprep, "--allow-private", code=0, pair=pair)
        assert document["preflight"]["video"]["facts"]["duration"] == 3
        assert "at_most" not in document["cost"] or document["cost"]["at_most"] is False
        [create] = creates(service)
        assert (create.json["input"]["image_url"], create.json["input"]["video_url"]) == pair
        assert not service.requests("upload")
        run(wanprep, "--force", code=3, pair=pair)
        run(wanprep, "--force", "--allow-private", code=3, pair=(pair[0], server.root + "/none.mp4"))
    assert len(creates(service)) == 1


@pytest.mark.parametrize("where", ["flag", "setting", "default"])
def test_the_output_folder(wanprep, emulate, tmp_path, where):
    emulate()
    wanprep.env["OUTPUT_DIR"] = "" if where == "default" else "from setting"
    document = run(wanprep, *(["-o", "from flag/below"] if where == "flag" else []), code=0)
    folder = {"flag": "from flag/below", "setting": "from setting", "default": "output"}[where]
    assert document["video"].startswith(f"{folder}/{ROOT}/videos/")
    assert [path.name for path in tmp_path.iterdir()] == [folder.split("/")[0]]


def test_the_base_url_is_the_flags_or_the_settings(wanprep, emulate):
    service = emulate()
    nowhere = "http://127.0.0.1:1/api/v1"
    wanprep.env["DASHSCOPE_BASE_URL"] = nowhere
    run(wanprep, "--base-url", service.url, code=0)
    wanprep.env.update(DASHSCOPE_BASE_URL="", DASHSCOPE_HTTP_BASE_URL=service.url)
    run(wanprep, "--force", code=0)
    wanprep.env.update(DASHSCOPE_BASE_URL=service.url, DASHSCOPE_HTTP_BASE_URL=nowhere)
    run(wanprep, "--force", code=0)
    assert len(creates(service)) == 3


# Nothing is paid twice


def test_the_same_pair_is_joined_and_force_makes_another(wanprep, emulate):
    service = emulate()
    first = run(wanprep, code=0)
    again = run(wanprep, code=0)
    assert again["joined"] is True and again["task_id"] == first["task_id"] and len(creates(service)) == 1
    other = run(wanprep, "--force", code=0)
    assert other["task_id"] != first["task_id"] and len(creates(service)) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_waiting_and_the_same_command_carries_on(wanprep, emulate, number):
    service = emulate("--fault", "query@1-30=status:PENDING")
    process = wanprep.start("run", *QUICK, IMAGE, VIDEO)
    for line in process.stderr:
        if "PENDING" in line:
            break
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "same command" in said
    document = run(wanprep, code=0)
    assert document["joined"] is True and len(creates(service)) == 1


def test_an_ignored_hangup_stays_ignored(wanprep, emulate):
    emulate("--fault", "query@1-5=status:PENDING")
    process = wanprep.start("run", *QUICK, IMAGE, VIDEO,
                            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    for line in process.stderr:
        if "PENDING" in line:
            break
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_timeout_is_6_and_the_same_command_carries_on(wanprep, emulate):
    service = emulate("--fault", "query@1-30=status:RUNNING")  # more than are asked in a second
    document = run(wanprep, "--timeout", "1s", code=6)
    assert document["status"] == "TIMEOUT" and document["task_id"]
    assert run(wanprep, code=0)["task_id"] == document["task_id"] and len(creates(service)) == 1


def test_a_lost_answer_does_not_make_a_second_task(wanprep, emulate):
    service = emulate("--fault", "create@1=drop-after")
    run(wanprep, code=0)
    assert len(creates(service)) == 1 and len(service.tasks) == 1


def test_uncertain_is_7_and_the_same_command_finds_the_task(wanprep, emulate):
    service = emulate("--fault", "create@1=drop-after", "--fault", "list@1=403")
    document = run(wanprep, code=7)
    assert document["status"] == "UNCERTAIN" and document["state"] in ("submitting", "uncertain")
    assert run(wanprep, code=0)["joined"] is True and len(creates(service)) == 1


# Nothing is sent


def test_a_rejected_pair_sends_nothing_and_makes_no_folder(wanprep, emulate, tmp_path):
    service = emulate()
    document = run(wanprep, code=1, pair=(VIDEO, VIDEO))
    assert document["status"] == "REJECTED" and document["preflight"]["verdict"] == "reject"
    assert "state" not in document
    document = run(wanprep, code=3, pair=("missing.jpg", VIDEO))
    assert document["status"] == "INPUT" and document["preflight"]["verdict"] == "reject"
    text = wanprep("run", VIDEO, VIDEO)
    assert text.returncode == 1 and "image.format" in text.stdout
    assert not service.requests() and not list(tmp_path.iterdir())


def test_a_dry_run_sends_nothing_and_prints_what_would_be_sent(wanprep, emulate, tmp_path):
    service = emulate()
    key = wanprep.env.pop("DASHSCOPE_API_KEY")
    document = run(wanprep, "--dry-run", "--mode", "wan-pro", code=0)
    assert document["dry_run"] is True and document["cost"]["mode"] == "wan-pro"
    assert not service.requests() and not list(tmp_path.iterdir())
    text = wanprep("run", "--dry-run", IMAGE, VIDEO)
    assert text.returncode == 0 and "wan2.2-animate-move" in text.stdout and "CNY" in text.stdout
    wanprep.env["DASHSCOPE_API_KEY"] = key
    run(wanprep, "--mode", "wan-pro", code=0)
    [create] = creates(service)
    would, was = document["request"], create.json
    assert would["method"] == create.method and urllib.parse.urlsplit(would["url"]).path == create.target
    for body in (would["body"], was):
        for name in ("image_url", "video_url"):
            assert body["input"].pop(name).startswith("oss://")
    assert would["body"] == was
    told = {name.lower(): value for name, value in would["headers"].items()}
    assert key not in json.dumps(document) and "***" in told.pop("authorization")
    assert all(create.headers[name] == value for name, value in told.items())


def test_a_dry_run_of_a_rejected_pair_is_rejected(wanprep):
    assert run(wanprep, "--dry-run", code=1, pair=(VIDEO, VIDEO))["status"] == "REJECTED"


def test_max_cost_holds_at_both_ends(wanprep, emulate, tmp_path):
    service = emulate()
    amount = price(wanprep)
    document = run(wanprep, "--max-cost", f"{amount - 0.001:.3f}", code=1)
    assert document["status"] == "TOO_EXPENSIVE" and f"{amount:.2f}" in document["message"]
    assert not service.requests() and not list(tmp_path.iterdir())
    document = run(wanprep, "--dry-run", "--max-cost", f"{amount - 0.001:.3f}", code=1)
    assert document["status"] == "TOO_EXPENSIVE" and "request" not in document
    assert "request" in run(wanprep, "--dry-run", "--max-cost", f"{amount:.3f}", code=0)
    run(wanprep, "--max-cost", f"{amount:.3f}", code=0)


def test_an_unknown_duration_counts_as_the_longest(wanprep, emulate):
    service = emulate()
    document = run(wanprep, "--skip-preflight", "--max-cost", "11.999", code=1)
    assert document["cost"] == {"currency": "CNY", "mode": "wan-std", "seconds": 30, "amount": 12, "at_most": True}
    assert "at most" in document["message"] and "preflight" not in document and not service.requests()
    run(wanprep, "--skip-preflight", "--max-cost", "12", code=0)


def test_without_a_key_nothing_is_sent(wanprep, emulate, tmp_path):
    service = emulate()
    del wanprep.env["DASHSCOPE_API_KEY"]
    document = run(wanprep, code=4)
    assert document["status"] == "NO_KEY"
    for place in ("DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH", "credentials"):
        assert place in document["message"]
    assert not service.requests() and not list(tmp_path.iterdir())


@pytest.mark.parametrize("args, names", [
    (["only.jpg"], ["run"]),
    (["a.jpg", "b.mp4", "c.mp4"], ["run"]),
    (["--max-cost", "-1", "a.jpg", "b.mp4"], ["--max-cost", "-1"]),
    (["--max-cost", "1.0005", "a.jpg", "b.mp4"], ["--max-cost"]),
    (["--timeout", "0.5s", "a.jpg", "b.mp4"], ["--timeout", "0.5s", "1s"]),
    (["--timeout", "169h", "a.jpg", "b.mp4"], ["--timeout", "168h"]),
    (["--poll-interval", "99ms", "a.jpg", "b.mp4"], ["--poll-interval", "100ms"]),
    (["--output-dir=", "a.jpg", "b.mp4"], ["--output-dir"]),
])
def test_usage_errors(wanprep, args, names):
    done = wanprep("run", "--json", *args)
    assert (done.returncode, done.stdout) == (2, "")
    for name in names:
        assert name in done.stderr


@pytest.mark.parametrize("url", ["http://example.com/api/v1", "ftp://127.0.0.1/", "nonsense"])
def test_a_base_url_that_would_show_the_key_is_a_usage_error(wanprep, url):
    wanprep.env["DASHSCOPE_API_KEY"] = Emulator.KEY
    done = wanprep("run", "--base-url", url, IMAGE, VIDEO)
    assert (done.returncode, done.stdout) == (2, "") and "base URL" in done.stderr


# How it ends when the service says no


@pytest.mark.parametrize("outcome, state", [("FAILED", "failed"), ("CANCELED", "canceled"), ("UNKNOWN", "expired")])
def test_a_task_that_does_not_succeed_is_5(wanprep, emulate, outcome, state):
    emulate("--outcome", outcome)
    document = run(wanprep, code=5)
    assert document["state"] == state and document["task_id"] and document["message"]
    if outcome == "FAILED":
        assert document["code"] == "InvalidVideo.NoHuman"


@pytest.mark.parametrize("fault", ["create@1-=400", "create@1-=401", "policy@1-=403"])
def test_a_refusal_is_4(wanprep, emulate, fault):
    service = emulate("--fault", fault)
    document = run(wanprep, code=4)
    assert document["status"] == "REFUSED" and document["message"]
    if fault.startswith("create"):
        assert document["state"] == "rejected" and document["code"]
    assert not service.tasks


def test_a_wrong_key_is_4_and_is_not_shown(wanprep, emulate):
    emulate()
    wanprep.env["DASHSCOPE_API_KEY"] = "sk-wrong0123456789"
    done = wanprep("run", *QUICK, IMAGE, VIDEO)
    assert done.returncode == 4 and "sk-wrong" not in done.stdout + done.stderr


def test_a_service_that_cannot_be_reached_is_3(wanprep):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v1"
        wanprep.env["DASHSCOPE_API_KEY"] = Emulator.KEY
        assert run(wanprep, "--base-url", url, code=3)["status"] == "NETWORK"


def test_a_result_that_is_no_video_is_5(wanprep, emulate, tmp_path):
    page = tmp_path / "page.mp4"
    page.write_text("<!DOCTYPE html><html><body>sorry</body></html>" * 100)
    emulate("--video", page)
    document = run(wanprep, code=5)
    assert document["status"] == "BAD_RESULT" and "video" not in document


def test_a_folder_that_cannot_be_made_is_70_and_nothing_is_spent(wanprep, emulate, tmp_path):
    service = emulate()
    (tmp_path / "output").write_text("a file in the way")
    assert run(wanprep, code=70)["status"] == "OUTPUT"
    assert not creates(service)


def test_standard_output_that_is_full_is_70_but_the_video_is_there(wanprep, emulate, tmp_path):
    emulate()
    with open("/dev/full", "w") as full:
        done = wanprep("run", *QUICK, IMAGE, VIDEO, stdout=full)
    assert done.returncode == 70
    assert len(list((tmp_path / "output" / ROOT / "videos").glob("*.mp4"))) == 1


# At a terminal


@pytest.mark.parametrize("answer, code", [(b"n\n", 1), (b"\n", 1), (b"\x04", 1), (b"yes\n", 0), (b"Y\n", 0)])
def test_it_asks_before_it_spends(wanprep, emulate, answer, code):
    service = emulate()
    ended, seen = at_terminal(wanprep, "run", *QUICK, IMAGE, VIDEO, answer=answer, stdout=subprocess.DEVNULL)
    assert ended == code and f"{price(wanprep):.2f} CNY" in seen
    assert len(creates(service)) == (1 if code == 0 else 0)


def test_yes_does_not_ask(wanprep, emulate):
    emulate()
    ended, seen = at_terminal(wanprep, "run", "--yes", *QUICK, IMAGE, VIDEO, stdout=subprocess.DEVNULL)
    assert ended == 0 and "[y/N]" not in seen and "\x1b[K" in seen


def test_ctrl_c_at_the_question_is_130_and_nothing_is_sent(wanprep, emulate):
    service = emulate()
    ours, theirs = os.openpty()
    process = subprocess.Popen(command("run", IMAGE, VIDEO), cwd=wanprep.folder, env=wanprep.env, stdin=theirs,
                               stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(ours, 65536)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    os.close(ours)
    assert not service.requests()
