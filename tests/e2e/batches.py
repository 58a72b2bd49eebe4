"""Manifests for tests of `wanprep batch` and `wanprep work`, and what came of their rows."""
import csv
import json
import os
import struct
import time

from conftest import FIXTURES, validate

PERSON = (FIXTURES / "images" / "person.jpg").read_bytes()
VIDEO = FIXTURES / "videos" / "dance.mp4"
QUICK = ("--poll-interval", "100ms")
ROOT = "aliyun-wan-animate-move"
OURS = ["status", "state", "task_id", "result", "billed_seconds", "amount", "code", "message"]


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


def stop_after_one(process, number):
    """Sends a signal to a batch once a row of it is done; returns what it said after that."""
    for line in process.stderr:
        if "done: " in line:
            break
    process.send_signal(number)
    return process.communicate(timeout=60)[1]


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
