"""Where results and records are kept: folders that nobody can write, two processes, a full disk, closed streams."""
import hashlib
import json
import os
import pathlib
import resource
import shutil
import sqlite3
import subprocess
import tempfile

import pytest

from batches import QUICK, ROOT, VIDEO, manifest, results, wait_for
from conftest import WANPREP, Wanprep

NOBODY = 65534
ROOM = 1 << 20  # bytes that a file can have on the "full disk"


def pair(number, *more):
    """The words of a run of a pair of its own; its image is one of manifest()."""
    return ["run", "--yes", *QUICK, *more, f"person-{number}.jpg", VIDEO]


def videos(folder):
    return sorted((folder / "output" / ROOT / "videos").iterdir())


def agree(wanprep, service, folder):
    """What the sandbox made, what the records know and the videos that are there are the same; returns how many."""
    made = {task["task_id"] for task in service.tasks}
    assert {path.name for path in videos(folder)} == {f"{task}.mp4" for task in made}
    wanted = service.books()["result_sha256"]
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == wanted for path in videos(folder))
    records = [json.loads(line) for line in wanprep("tasks", "--json").stdout.splitlines()]
    assert sorted(record["task_id"] for record in records) == sorted(made)
    assert {record["state"] for record in records} == {"done"}
    return len(made)


# A folder that cannot be written


def words_for(command, folder):
    manifest(folder, 1)
    return ["batch", "--yes", "-o", "there", "pairs.csv"] if command == "batch" else pair(0, "-o", "there")


@pytest.mark.parametrize("command", ["run", "batch"])
def test_a_file_in_the_place_of_the_folder_costs_nothing(wanprep, emulate, tmp_path, command):
    service = emulate()
    (tmp_path / "there").write_text("mine")
    done = wanprep(*words_for(command, tmp_path))
    assert done.returncode == 70 and "'there" in done.stderr and " -o " in done.stderr, done.stderr
    assert (tmp_path / "there").read_text() == "mine"
    assert not service.tasks and not service.uploads


@pytest.fixture
def unprivileged():
    """A wanprep that no folder's mode lets through, in a folder that it can reach: pytest's own are root's alone."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="wanprep-places."))
    (top / "w").mkdir()
    wanprep = Wanprep(top / "w")
    if os.geteuid() == 0:
        for folder in (top, top / "w", top / "w.runtime"):
            os.chown(folder, NOBODY, NOBODY)
        wanprep.who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    else:
        wanprep.who = {}
    yield wanprep
    shutil.rmtree(top)


@pytest.mark.parametrize("command", ["run", "batch"])
def test_a_folder_that_is_read_only_costs_nothing(unprivileged, emulate, command):
    service = emulate()
    unprivileged.env.update(service.env)
    folder = unprivileged.folder
    shutil.copy(VIDEO, folder / "dance.mp4")
    words = [folder / "dance.mp4" if word == VIDEO else word for word in words_for(command, folder)]
    manifest(folder, [("person-0.jpg", "dance.mp4")])
    for path in folder.iterdir():
        path.chmod(0o644)
    (folder / "there").mkdir(mode=0o555)
    done = unprivileged(*words, **unprivileged.who)
    assert done.returncode == 70 and "'there" in done.stderr and " -o " in done.stderr, done.stderr
    assert not list((folder / "there").iterdir())
    assert not service.tasks and not service.uploads


# Two processes in one folder


@pytest.mark.parametrize("second, tasks", [(0, 1), (1, 2)])
def test_two_runs_at_once(wanprep, emulate, tmp_path, second, tasks):
    service = emulate("--running", "300")
    manifest(tmp_path, 2)
    both = [wanprep.start(*pair(number)) for number in (0, second)]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert agree(wanprep, service, tmp_path) == tasks


def test_two_batches_of_one_manifest_at_once(wanprep, emulate, tmp_path):
    service = emulate("--running", "300", "--parallel", "3")
    manifest(tmp_path, 3)
    both = [wanprep.start("batch", "--yes", *QUICK, "pairs.csv") for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert agree(wanprep, service, tmp_path) == 3
    assert sorted(row["task_id"] for row in results(tmp_path)) == sorted(task["task_id"] for task in service.tasks)


def test_a_run_whose_task_is_cancelled_beside_it(wanprep, emulate, tmp_path):
    service = emulate("--pending", "60s")
    manifest(tmp_path, 1)
    process = wanprep.start(*pair(0))
    wait_for(lambda: service.books()["counts"].get("query", 0) > 0)
    [task] = service.tasks
    cancel = wanprep("cancel", task["task_id"])
    _, err = process.communicate(timeout=60)
    assert cancel.returncode == 0, cancel.stderr
    assert process.returncode == 5, err
    [record] = [json.loads(line) for line in wanprep("tasks", "--json").stdout.splitlines()]
    assert record["task_id"] == task["task_id"] and record["state"] == "canceled"
    assert len(service.tasks) == 1 and not videos(tmp_path)


# A full disk


def small_disk(room=ROOM):
    """No file can be longer; write() says so, as a full disk does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


def test_a_disk_without_room_for_the_records_costs_nothing(wanprep, emulate, tmp_path):
    service = emulate()
    manifest(tmp_path, 1)
    done = wanprep(*pair(0), preexec_fn=lambda: small_disk(16 << 10))  # SQLite wants 32 KiB of shared memory
    assert done.returncode == 70 and "make room" in done.stderr and "wanprep.db'" in done.stderr, done.stderr
    assert not service.tasks and not service.uploads
    done = wanprep(*pair(0))
    assert done.returncode == 0, done.stderr
    assert agree(wanprep, service, tmp_path) == 1


def test_a_disk_that_the_result_fills_keeps_the_task(wanprep, emulate, tmp_path):
    large = tmp_path / "large.mp4"
    large.write_bytes(VIDEO.read_bytes() + (2 * ROOM).to_bytes(4, "big") + b"free" + bytes(2 * ROOM - 8))
    service = emulate("--running", "100", "--video", large)
    manifest(tmp_path, 1)
    for words in (pair(0), ["resume", *QUICK]):  # a second try neither pays nor makes it worse
        done = wanprep(*words, preexec_fn=small_disk)
        assert done.returncode == 70, done.stderr
        assert len(service.tasks) == 1 and service.tasks[0]["task_id"] in wanprep("tasks").stdout
        assert not any(path.suffix == ".mp4" for path in videos(tmp_path))
    done = wanprep("resume", *QUICK)
    assert done.returncode == 0, done.stderr
    assert agree(wanprep, service, tmp_path) == 1
    assert videos(tmp_path)[0].read_bytes() == large.read_bytes()


# Closed streams


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["run", "batch"])
def test_closed_streams_do_not_lead_into_files(wanprep, emulate, tmp_path, command, closed):
    service = emulate("--running", "300")
    manifest(tmp_path, 1)
    words = pair(0, "-v") if command == "run" else ["batch", "-v", "--yes", *QUICK, "pairs.csv"]
    done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", WANPREP, *words], cwd=tmp_path, env=wanprep.env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                          check=False)
    assert done.returncode == 70  # what was to be said there is lost, not what was paid for
    assert agree(wanprep, service, tmp_path) == 1
    with sqlite3.connect(tmp_path / "output" / ROOT / "wanprep.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for path in (tmp_path / "output" / ROOT).rglob("*"):
        if path.suffix == ".json":
            json.loads(path.read_text())
        elif path.suffix == ".jsonl":
            assert all(json.loads(line) for line in path.read_text().splitlines())
        elif path.is_file():
            assert not any(text in path.read_bytes() for text in (b"wanprep: ", b"row 1: ", b" is RUNNING")), path
