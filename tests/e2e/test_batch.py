"""`wanprep batch` and `wanprep work` against the local emulator: what is sent, what comes of each row, how it ends."""
import csv
import fcntl
import hashlib
import json
import os
import re
import signal
import struct
import subprocess
import termios
import time

import pytest

from conftest import FIXTURES, WANPREP, validate
from emulator import Emulator

PERSON = (FIXTURES / "images" / "person.jpg").read_bytes()
VIDEO = FIXTURES / "videos" / "dance.mp4"
QUICK = ("--poll-interval", "100ms")
ROOT = "aliyun-wan-animate-move"
OURS = ["status", "state", "task_id", "result", "billed_seconds", "amount", "code", "message"]


@pytest.fixture
def emulate(wanprep):
    """Starts emulators and points wanprep at the last one."""
    running = []

    def start(*options):
        service = Emulator(*options).__enter__()
        running.append(service)
        wanprep.env.update(DASHSCOPE_BASE_URL=service.url, DASHSCOPE_API_KEY=service.KEY)
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)


def person(folder, number):
    """An image like no other: with a comment segment of its own (ITU-T T.81 B.2.4.5). Returns its name."""
    comment = b"number %d" % number
    path = folder / f"person-{number}.jpg"
    path.write_bytes(PERSON[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + PERSON[2:])
    return path.name


def manifest(folder, rows, header=("image", "video")):
    """Writes a CSV manifest of rows of fields, or of so many good pairs; returns its name."""
    if isinstance(rows, int):
        rows = [(person(folder, i), VIDEO) for i in range(rows)]
    with open(folder / "pairs.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return "pairs.csv"


def results(folder, path=f"output/{ROOT}/pairs.results.csv"):
    with open(folder / path, newline="") as file:
        return list(csv.DictReader(file, strict=True))


def batch(wanprep, *args, code):
    """Runs it with --json, wants this exit code and lines by the schema; returns the rows by number, and the summary."""
    done = wanprep("batch", "--json", *QUICK, *args)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return lines_of(done.stdout, code)


def lines_of(text, code):
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        validate(line, "batch.schema.json")
    *rows, summary = lines
    assert summary["kind"] == "summary" and summary["exit_code"] == code
    assert len({row["row"] for row in rows}) == len(rows) and all(row["kind"] == "row" for row in rows)
    return {row["row"]: row for row in rows}, summary


def files_of(process):
    """What a process has open."""
    folder = f"/proc/{process.pid}/fd"
    return [os.path.join(folder, name) for name in os.listdir(folder)]


def creates(service):
    return service.requests("create")


def statuses(rows):
    return [rows[number]["status"] for number in sorted(rows)]


# What comes of the rows


def test_bad_rows_never_stop_the_others(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, "first", ""), (VIDEO, VIDEO, "no picture", ""),
                               ("none.jpg", VIDEO, "not there", ""), ("", VIDEO, "no image", ""), ("a.jpg", VIDEO),
                               (person(tmp_path, 1), VIDEO, "mode", "wan-max"), (person(tmp_path, 2), VIDEO, "last", "")],
                    header=("image", "video", "note", "mode"))
    rows, summary = batch(wanprep, name, code=3)
    wanted = ["OK", "REJECTED", "INPUT", "INPUT", "INPUT", "INPUT", "OK"]
    assert statuses(rows) == wanted
    assert [rows[number]["line"] for number in sorted(rows)] == [2, 3, 4, 5, 6, 7, 8]
    assert summary["counts"] == {"OK": 2, "REJECTED": 1, "INPUT": 4} and summary["rows"] == 7
    assert rows[2]["preflight"]["verdict"] == "reject" and "preflight" not in rows[1]
    assert rows[1]["video"] != rows[7]["video"]
    kept = results(tmp_path)
    assert list(kept[0]) == ["image", "video", "note", "mode", *OURS]
    assert [row["status"] for row in kept] == wanted
    assert [row["note"] for row in kept] == ["first", "no picture", "not there", "no image", "", "mode", "last"]
    assert kept[1]["code"] == "image.format" and kept[1]["message"] and kept[4]["message"].startswith("line 6: ")
    assert (tmp_path / kept[0]["result"]).is_file() and kept[0]["task_id"] in kept[0]["result"]
    assert (kept[0]["billed_seconds"], kept[0]["amount"]) == ("3.20", "1.28")
    assert len(creates(service)) == 2 and summary["results"] == f"output/{ROOT}/pairs.results.csv"
    assert summary["billed"] == {"currency": "CNY", "amount": 2.56}


def test_json_lines_keep_the_members_of_the_row(wanprep, emulate, tmp_path):
    emulate()
    lines = [f'{{"id": 12345678901234567890, "image": "{person(tmp_path, 0)}", "video": "{VIDEO}", "tags": ["a"]}}',
             f'{{"video": "{VIDEO}", "id": 2}}', "nonsense"]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines))
    rows, _ = batch(wanprep, "--results", "what came.jsonl", "pairs.jsonl", code=3)
    assert statuses(rows) == ["OK", "INPUT", "INPUT"]
    kept = [json.loads(line) for line in (tmp_path / "what came.jsonl").read_text().splitlines()]
    assert kept[0]["id"] == 12345678901234567890 and kept[0]["tags"] == ["a"] and kept[0]["video"] == str(VIDEO)
    assert list(kept[0])[4:] == ["status", "state", "task_id", "result", "billed_seconds", "amount"]
    assert kept[1]["id"] == 2 and kept[1]["status"] == "INPUT" and kept[2]["message"]
    assert not (tmp_path / "output" / ROOT / "pairs.results.jsonl").exists()


def test_rows_have_options_of_their_own(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, "wan-pro", "true", "false"),
                               (person(tmp_path, 1), VIDEO, "", "", ""),
                               (person(tmp_path, 2), VIDEO, "wan-std", "false", "true")],
                    header=("image", "video", "mode", "watermark", "check_image"))
    rows, _ = batch(wanprep, "--mode", "wan-pro", "--watermark", name, code=0)
    assert [rows[i]["cost"]["mode"] for i in (1, 2, 3)] == ["wan-pro", "wan-pro", "wan-std"]
    sent = sorted((c.json["parameters"]["mode"], c.json["input"]["watermark"], c.json["parameters"]["check_image"])
                  for c in creates(service))
    assert sent == [("wan-pro", True, False), ("wan-pro", True, True), ("wan-std", False, True)]


def test_paths_are_those_of_the_manifests_folder(wanprep, emulate, tmp_path):
    emulate()
    (tmp_path / "set").mkdir()
    manifest(tmp_path / "set", 1)
    rows, summary = batch(wanprep, "-o", "elsewhere", "set/pairs.csv", code=0)
    assert rows[1]["inputs"]["image"] == "set/person-0.jpg"
    assert summary["results"] == f"elsewhere/{ROOT}/pairs.results.csv"
    assert results(tmp_path, summary["results"])[0]["image"] == "person-0.jpg"


def test_tasks_that_go_on_are_money_that_is_reserved(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    _, summary = batch(wanprep, "--timeout", "1s", "--skip-preflight", manifest(tmp_path, 2), code=6)
    assert summary["billed"]["amount"] == 0 and summary["reserved"]["amount"] == 24
    text = wanprep("batch", "--timeout", "1s", "--skip-preflight", *QUICK, "pairs.csv").stdout
    assert "24.00 CNY" in text and "2 timed out" in text


def test_a_failed_task_is_told_and_tried_anew(wanprep, emulate, tmp_path):
    emulate("--outcome", "FAILED")
    name = manifest(tmp_path, 2)
    rows, _ = batch(wanprep, name, code=5)
    assert statuses(rows) == ["TASK_FAILED"] * 2 and rows[1]["code"] == "InvalidVideo.NoHuman"
    assert results(tmp_path)[0]["code"] == "InvalidVideo.NoHuman" and results(tmp_path)[0]["state"] == "failed"
    service = emulate()
    batch(wanprep, name, code=0)
    assert len(creates(service)) == 2


# Nothing is paid twice


def test_the_same_command_again_makes_no_task(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 4)
    first, _ = batch(wanprep, name, code=0)
    kept = (tmp_path / "output" / ROOT / "pairs.results.csv").read_bytes()
    again, summary = batch(wanprep, name, code=0)
    assert all(again[i]["joined"] and again[i]["task_id"] == first[i]["task_id"] for i in first)
    assert len(creates(service)) == 4 and summary["billed"]["amount"] == 5.12
    assert (tmp_path / "output" / ROOT / "pairs.results.csv").read_bytes() == kept
    batch(wanprep, "--force", name, code=0)
    assert len(creates(service)) == 8


def test_a_pair_that_stands_twice_is_one_task(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    one, other = person(tmp_path, 0), person(tmp_path, 1)
    rows, summary = batch(wanprep, manifest(tmp_path, [(one, VIDEO), (other, VIDEO), (one, VIDEO)]), code=0)
    assert len(creates(service)) == 2 and rows[1]["task_id"] == rows[3]["task_id"] != rows[2]["task_id"]
    assert rows[3]["joined"] is True and summary["counts"] == {"OK": 3}
    assert summary["billed"]["amount"] == 2.56


def test_a_results_file_is_a_manifest(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 2)
    batch(wanprep, "--results", name, name, code=0)
    once = (tmp_path / name).read_bytes()
    batch(wanprep, "--results", name, name, code=0)
    assert (tmp_path / name).read_bytes() == once and len(creates(service)) == 2
    assert list(results(tmp_path, name)[0]) == ["image", "video", *OURS]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_or_killed_the_same_command_carries_on(wanprep, emulate, tmp_path, number):
    service = emulate("--running", "300")
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    for line in process.stderr:
        if "done: " in line:
            break
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    if number != signal.SIGKILL:
        assert process.returncode == 130 and "same command" in said
        seen = [row["status"] for row in results(tmp_path)]
        assert seen.count("OK") >= 1 and set(seen) <= {"OK", "INTERRUPTED"} and "INTERRUPTED" in seen
    rows, _ = batch(wanprep, name, code=0)
    assert len(service.tasks) == 6 and {row["task_id"] for row in rows.values()} == {t["task_id"] for t in service.tasks}
    assert [row["status"] for row in results(tmp_path)] == ["OK"] * 6
    left = [path.name for path in (tmp_path / "output" / ROOT).rglob("*") if path.suffix in (".part", ".tmp")]
    assert not left


def test_what_was_done_before_stays_done_when_it_is_interrupted(wanprep, emulate, tmp_path):
    """Also where it stands behind rows that hold all who could begin."""
    service = emulate("--fault", "upload@7-=hang")
    done = [(person(tmp_path, i), VIDEO) for i in range(3)]
    batch(wanprep, manifest(tmp_path, done), code=0)
    name = manifest(tmp_path, [(person(tmp_path, i), VIDEO) for i in range(3, 9)] + done)
    process = wanprep.start("batch", *QUICK, name)
    while service.books()["counts"].get("upload", 0) < 6 + 4:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) and process.returncode == 130
    kept = results(tmp_path)
    assert [row["status"] for row in kept] == ["INTERRUPTED"] * 6 + ["OK"] * 3
    assert all(row["state"] == "done" and row["result"] for row in kept[6:])


def test_what_was_done_before_stays_done_when_there_was_no_time_to_read_it(wanprep, emulate, tmp_path):
    """By its name, if it is the same file still."""
    emulate()
    done = [(person(tmp_path, i), VIDEO) for i in range(3)]
    batch(wanprep, manifest(tmp_path, done), code=0)
    with open(tmp_path / "endless.mp4", "wb") as file:
        file.truncate(1 << 40)
    other = (tmp_path / done[1][0]).read_bytes()
    (tmp_path / done[1][0]).write_bytes(other)
    name = manifest(tmp_path, [(done[0][0], "endless.mp4"), *done, (person(tmp_path, 3), VIDEO)])
    process = wanprep.start("batch", "--skip-preflight", *QUICK, name)
    while not any(os.path.realpath(link).endswith("endless.mp4") for link in files_of(process)):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) and process.returncode == 130
    kept = results(tmp_path)
    assert [row["status"] for row in kept] == ["INTERRUPTED", "OK", "INTERRUPTED", "OK", "INTERRUPTED"]
    assert [row["state"] for row in kept] == ["", "done", "", "done", ""] and kept[1]["result"]


def test_downloads_that_must_wait_hold_nobody_up(wanprep, emulate, tmp_path):
    """Twice as many are told to come back later as there are threads; all others go by."""
    service = emulate("--fault", "download@1-8=429:retry-after=10")
    batch(wanprep, manifest(tmp_path, 14), code=0)
    seen = [(request.status, request.target.split("?")[0]) for request in service.requests("download")]
    late, others = seen[:8], seen[8:14]
    assert [status for status, _ in late] == [429] * 8 and [status for status, _ in others] == [200] * 6
    assert len({target for _, target in late + others}) == 14
    assert sorted(seen[14:]) == sorted((200, target) for _, target in late)


def test_two_at_a_time_make_each_task_once(wanprep, emulate, tmp_path):
    service = emulate("--running", "50")
    name = manifest(tmp_path, 8)
    processes = [wanprep.start("batch", "--json", *QUICK, "--results", f"{i}.csv", name) for i in range(2)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (out, err)
        assert statuses(lines_of(out, 0)[0]) == ["OK"] * 8
    assert len(service.tasks) == 8


def test_two_hundred_rows(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 200)
    rows, summary = batch(wanprep, name, code=0)
    assert len(rows) == len(service.tasks) == len({row["task_id"] for row in rows.values()}) == 200
    digest = service.books()["result_sha256"]
    for row in rows.values():
        assert hashlib.sha256((tmp_path / row["video"]).read_bytes()).hexdigest() == digest
    assert summary["billed"]["amount"] == 256


# Money


def test_max_cost_holds_at_both_ends_and_counts_what_is_done(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")  # so that what is reserved counts
    name = manifest(tmp_path, 3)
    rows, summary = batch(wanprep, "--max-cost", "3.599", name, code=1)
    assert statuses(rows) == ["OK", "OK", "TOO_EXPENSIVE"] and len(creates(service)) == 2
    assert summary["max_cost"]["amount"] == 3.599
    # Two were billed at 1.28 each, and the third is estimated at 1.20.
    rows, _ = batch(wanprep, "--max-cost", "3.759", name, code=1)
    assert statuses(rows) == ["OK", "OK", "TOO_EXPENSIVE"] and len(creates(service)) == 2
    rows, _ = batch(wanprep, "--max-cost", "3.76", name, code=0)
    assert len(creates(service)) == 3


def test_max_cost_may_be_all_of_it(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    batch(wanprep, "--max-cost", "3.6", manifest(tmp_path, 3), code=0)
    assert len(creates(service)) == 3


def test_a_dry_run_sends_nothing(wanprep, emulate, tmp_path):
    service = emulate()
    del wanprep.env["DASHSCOPE_API_KEY"]
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, ""), (VIDEO, VIDEO, ""), (person(tmp_path, 1), VIDEO, "wan-pro")],
                    header=("image", "video", "mode"))
    before = sorted(tmp_path.iterdir())
    rows, summary = batch(wanprep, "--dry-run", name, code=1)
    assert statuses(rows) == ["OK", "REJECTED", "OK"] and summary["dry_run"] is True
    assert summary["cost"] == {"currency": "CNY", "amount": 3.0, "at_most": False} and "results" not in summary
    rows, _ = batch(wanprep, "--dry-run", "--max-cost", "2.999", name, code=1)
    assert statuses(rows) == ["OK", "REJECTED", "TOO_EXPENSIVE"]
    text = wanprep("batch", "--dry-run", name)
    assert "3.00 CNY" in text.stdout and "image.format" in text.stdout
    assert not service.requests() and sorted(tmp_path.iterdir()) == before


def test_without_the_preflight_a_row_costs_what_the_longest_does(wanprep, tmp_path):
    name = manifest(tmp_path, [("https://example.com/a.jpg", "https://example.com/b.mp4")] * 2)
    _, summary = batch(wanprep, "--skip-preflight", "--dry-run", name, code=0)
    assert summary["cost"] == {"currency": "CNY", "amount": 24.0, "at_most": True}


# How it ends


def test_fail_fast_sends_nothing_if_a_row_is_rejected(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), (VIDEO, VIDEO)])
    rows, summary = batch(wanprep, "--fail-fast", name, code=1)
    assert statuses(rows) == ["INTERRUPTED", "REJECTED"] and "results" not in summary
    assert not service.requests()
    batch(wanprep, name, code=1)
    assert len(creates(service)) == 1


def test_fail_fast_submits_nothing_more_once_a_create_is_refused(wanprep, emulate, tmp_path):
    service = emulate("--fault", "create@2=400")
    rows, _ = batch(wanprep, "--fail-fast", manifest(tmp_path, 5), code=4)
    seen = statuses(rows)
    assert sorted(seen) == ["INTERRUPTED"] * 3 + ["OK", "REFUSED"] and len(creates(service)) == 2


def test_fail_fast_submits_nothing_more_once_a_task_failed(wanprep, emulate, tmp_path):
    service = emulate("--outcome", "FAILED", "--fault", "create=delay:200")
    rows, _ = batch(wanprep, "--fail-fast", manifest(tmp_path, 40), code=5)
    seen = statuses(rows)
    assert set(seen) == {"TASK_FAILED", "INTERRUPTED"} and len(creates(service)) == seen.count("TASK_FAILED") < 40
    assert all("task_id" not in row for row in rows.values() if row["status"] == "INTERRUPTED")


def test_without_a_key_nothing_is_begun(wanprep, emulate, tmp_path):
    service = emulate()
    del wanprep.env["DASHSCOPE_API_KEY"]
    _, summary = batch(wanprep, manifest(tmp_path, 1), code=4)
    assert summary["status"] == "NO_KEY" and not service.requests() and not (tmp_path / "output").exists()


def test_results_that_cannot_be_written_are_70_and_nothing_is_spent(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 1)
    _, summary = batch(wanprep, "--results", "none/results.csv", name, code=70)
    assert summary["status"] == "OUTPUT" and "none/results.csv" in summary["message"]
    (tmp_path / "output").write_text("a file in the way")
    batch(wanprep, name, code=70)
    assert not service.requests()


def test_results_that_did_not_fit_are_70_and_the_rest_is_told(wanprep, emulate, tmp_path):
    emulate()
    rows, summary = batch(wanprep, "--results", "/dev/full", manifest(tmp_path, 2), code=70)
    assert statuses(rows) == ["OK", "OK"] and "/dev/full" in summary["message"] and "results" not in summary


@pytest.mark.parametrize("spelling", ["person-0.jpg", "./person-0.jpg", "link.jpg", "dance.mp4"])
def test_results_do_not_take_the_place_of_an_input(wanprep, emulate, tmp_path, spelling):
    service = emulate()
    (tmp_path / "dance.mp4").write_bytes(VIDEO.read_bytes())
    name = manifest(tmp_path, [(person(tmp_path, 0), "dance.mp4")])
    (tmp_path / "link.jpg").hardlink_to(tmp_path / "person-0.jpg")
    done = wanprep("batch", "--json", "--results", spelling, name)
    assert (done.returncode, done.stdout) == (2, "") and "input" in done.stderr
    assert (tmp_path / "dance.mp4").read_bytes() == VIDEO.read_bytes() and not service.requests()


def test_a_closed_pipe_ends_it(wanprep, emulate, tmp_path):
    service = emulate("--fault", "create=delay:200")
    process = wanprep.start("batch", "--json", *QUICK, manifest(tmp_path, 40))
    process.stdout.readline()
    process.stdout.close()
    process.stderr.read()
    assert process.wait(timeout=60) == 70
    assert len(service.tasks) < 40


def test_the_worst_row_gives_the_exit_code(wanprep, emulate, tmp_path):
    emulate("--fault", "create@1=400")
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), ("none.jpg", VIDEO), (VIDEO, VIDEO)])
    rows, summary = batch(wanprep, name, code=4)
    assert statuses(rows) == ["REFUSED", "INPUT", "REJECTED"] and summary["status"] == "REFUSED"


@pytest.mark.parametrize("text, args", [
    ("", []), ("image,video\n", []), ("a.jpg,b.mp4\n", []), (None, []),
    ("image,video\na,b\n", ["--max-cost", "-1"]), ("image,video\na,b\n", ["--workers", "0"]),
    ("image,video\na,b\n", ["--workers", "65"]), ("image,video\na,b\n", ["--results="]),
    ("image,video\na,b\n", ["--base-url", "http://example.com/api/v1"]), ("image,video\na,b\n", ["another.csv"]),
])
def test_usage_errors(wanprep, tmp_path, text, args):
    wanprep.env["DASHSCOPE_API_KEY"] = Emulator.KEY
    if text is not None:
        (tmp_path / "m.csv").write_text(text)
    done = wanprep("batch", "--json", *args, "m.csv")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("wanprep: ")
    assert not (tmp_path / "output").exists()


# For people


def test_text_tells_what_came_of_it(wanprep, emulate, tmp_path):
    emulate("--running", "200")
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), (VIDEO, VIDEO), (person(tmp_path, 1), VIDEO)])
    done = wanprep("batch", *QUICK, name)
    assert done.returncode == 1
    assert "row 2: image.format" in done.stdout and "2 done, 1 rejected" in done.stdout
    assert "2.56 CNY" in done.stdout and "pairs.results.csv" in done.stdout
    for number in (1, 3):
        assert re.search(rf"^row {number}: task ", done.stderr, re.M)
        assert re.search(rf"^row {number}: done: output/.*mp4$", done.stderr, re.M)
    assert "\r" not in done.stderr and "\x1b" not in done.stderr + done.stdout


def test_quiet_prints_the_paths_of_the_videos_in_the_order_of_the_rows(wanprep, emulate, tmp_path):
    emulate()
    done = wanprep("batch", "-q", *QUICK, manifest(tmp_path, 3))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [row["result"] for row in results(tmp_path)]


class Screen:
    """As much of a terminal as is needed: text, line breaks, back to the line's begin, up, and erase to the end."""

    def __init__(self):
        self.lines = [""]
        self.row = self.column = 0

    @property
    def text(self):
        return "\n".join(self.lines)

    def feed(self, text):
        for part in re.findall(r"\x1b\[(?:\d*)[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif part.startswith("\x1b["):
                count, action = int(part[2:-1] or 1), part[-1]
                if action == "A":
                    self.row -= count
                    assert self.row >= 0
                elif action in "JK":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                    if action == "J":
                        del self.lines[self.row + 1:]
                else:
                    raise AssertionError(f"unknown sequence {part!r}")
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[:self.column] + part + line[self.column + len(part):]
                self.column += len(part)


def at_terminal(wanprep, *args, answer=None, size=(24, 80), steps=()):
    """Runs it with a terminal for all three; returns the exit code and all that was written there. steps: pairs of how
    many tables must have been drawn over, and what happens then: a signal, or another size of the terminal."""
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    wanprep.env["TERM"] = "xterm"
    process = subprocess.Popen([WANPREP, *map(str, args)], cwd=wanprep.folder, env=wanprep.env, stdin=theirs,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen, steps = b"", list(steps)
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # EIO: the other side is closed
            break
        seen += part
        if answer and b"[y/N]" in seen:
            os.write(ours, answer)
            answer = None
        if steps and seen.count(b"\x1b[J") >= steps[0][0]:
            action = steps.pop(0)[1]
            if isinstance(action, tuple):
                fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *action, 0, 0))
            else:
                process.send_signal(action)
    os.close(ours)
    return process.wait(timeout=60), seen.decode()


def tables(seen, text):
    """The tables that were drawn and hold a text, each as its lines."""
    drawn = re.findall(r"(?:\x1b\[J|^)((?:[^\x1b\n]*\n)+)", seen.replace("\r", ""), re.M)
    return [table.splitlines() for table in drawn if text in table]


@pytest.mark.parametrize("size", [(24, 80), (10, 40)])
def test_the_table_fits_the_terminal_and_is_gone_in_the_end(wanprep, emulate, tmp_path, size):
    emulate("--running", "700")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 6), size=size)
    assert ended == 0
    drawn = tables(seen, "running")
    assert drawn and any(re.match(r"\d dance", line) for table in drawn for line in table)
    assert all(len(table) < size[0] and max(map(len, table)) < size[1] for table in drawn)
    assert not re.search(r"\x1b\[[\d;]*m", seen)  # no colours
    screen = Screen()
    screen.feed(seen)
    assert screen.text.startswith("6 rows: 6 done\n") and "queue" not in screen.text


def test_the_table_follows_the_size_of_the_terminal(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 6),
                              steps=[(3, (8, 45)), (6, (30, 100)), (9, signal.SIGINT)])
    assert ended == 130
    widths = [max(map(len, table)) for table in tables(seen, "of 6 done")]
    # One that was being drawn just then may still have the size before.
    assert set(widths[:3]) == {79} and set(widths[5:6]) == {44} and set(widths[8:9]) == {99}


def test_ctrl_c_leaves_a_clean_terminal(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 3), steps=[(1, signal.SIGINT)])
    assert ended == 130
    screen = Screen()
    screen.feed(seen)
    assert screen.text.startswith("3 rows: ") and "running" not in screen.text and "same command" in screen.text


@pytest.mark.parametrize("answer, code", [(b"n\n", 1), (b"\x04", 1), (b"y\n", 0)])
def test_it_asks_once_with_the_sum(wanprep, emulate, tmp_path, answer, code):
    service = emulate()
    ended, seen = at_terminal(wanprep, "batch", *QUICK, manifest(tmp_path, 3), answer=answer)
    assert ended == code and seen.count("[y/N]") == 1 and "3.60 CNY" in seen and "3 tasks" in seen
    assert len(creates(service)) == (3 if code == 0 else 0)
    assert (tmp_path / "output" / ROOT / "pairs.results.csv").exists() == (code == 0)


# Workers


def work(wanprep, *args, code=0):
    done = wanprep("work", "--json", *QUICK, *args)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return lines_of(done.stdout, code)


def test_a_worker_finishes_what_a_batch_left(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    for line in process.stderr:
        if "done: " in line:
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    planned = len([row for row in results(tmp_path) if row["state"] not in ("", "done")])
    rows, summary = work(wanprep, "--drain")
    assert planned and summary["counts"] == {"OK": planned} and len(rows) == planned
    assert all((tmp_path / row["video"]).is_file() for row in rows.values())
    batch(wanprep, name, code=0)
    assert len(service.tasks) == 6


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_with_nothing_to_do_drains_at_once(wanprep, emulate):
    emulate()
    _, summary = work(wanprep, "--drain")
    assert summary["rows"] == 0 and summary["counts"] == {}


def test_a_worker_waits_for_jobs_and_carries_on_those_of_a_batch_that_was_killed(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    worker = wanprep.start("work", "--json", "-q", *QUICK)
    wait_for((tmp_path / "output" / ROOT / "wanprep.db").exists)
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    for line in process.stderr:
        if "done: " in line:
            break
    process.kill()
    process.communicate()
    wait_for(lambda: len(list((tmp_path / "output" / ROOT / "videos").glob("*.mp4"))) == 6)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 130, err
    rows, _ = lines_of(out, 130)
    assert "OK" in statuses(rows) and set(statuses(rows)) <= {"OK", "INTERRUPTED"}
    assert all(row["inputs"]["video"] == str(VIDEO) for row in rows.values() if row["status"] == "OK")
    batch(wanprep, name, code=0)
    assert len(service.tasks) == 6
