"""Every endpoint misbehaves by seeded chance while `run` and `batch` finish: afterwards books and records agree."""
import concurrent.futures
import contextlib
import csv
import hashlib
import sqlite3
import struct

import pytest

from conftest import FIXTURES, Wanprep
from emulator import Emulator

PERSON = (FIXTURES / "images" / "person.jpg").read_bytes()
VIDEO = FIXTURES / "videos" / "dance.mp4"
ROOT = "output/aliyun-wan-animate-move"
DONE = 7  # the number of that state
ROUNDS = 10
ROWS = 10
FAULTS = [option for rule in (
    "any@2%=500", "any@2%=503", "any@2%=502:after", "any@2%=429:retry-after=1", "any@2%=429", "any@2%=drop-before",
    "any@3%=drop-after", "any@2%=truncate:10", "any@2%=wrong-length:20", "any@2%=garbage", "any@1%=deep",
    "query@4%=status:WAITING", "query@3%=missing-field:video_url", "list@5%=missing-field:data",
    "create@10%=missing-field:task_id", "download@10%=truncate:100000", "upload@5%=expired", "download@5%=expired",
) for option in ("--fault", rule)]


def person(folder, number):
    """An image like no other: with a comment segment of its own (ITU-T T.81 B.2.4.5)."""
    comment = b"number %d" % number
    path = folder / f"person-{number}.jpg"
    path.write_bytes(PERSON[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + PERSON[2:])
    return path


def commands(folder, many):
    waiting = ("--yes", "--skip-preflight", "--poll-interval", "100ms")
    if not many:
        return [("run", "--json", *waiting, person(folder, number), VIDEO) for number in range(4)]
    with open(folder / "pairs.csv", "w", newline="") as file:
        csv.writer(file).writerows([("image", "video"), *((person(folder, i), VIDEO) for i in range(ROWS))])
    return [("batch", *waiting, "pairs.csv")]


def play(folder, seed, many):
    """Each command until it has done its work; then what there is."""
    folder.mkdir()
    wanprep = Wanprep(folder)
    with Emulator("--seed", seed, "--running", "50ms", "--keep", "10000", *FAULTS) as service:
        wanprep.env.update(service.env)
        for command in commands(folder, many):
            for _ in range(ROUNDS):
                done = wanprep(*command)
                assert done.returncode in (0, 3, 4, 5, 7), (done.returncode, done.stderr[-1000:])
                if done.returncode == 0:
                    break
            assert done.returncode == 0, done.stderr[-2000:]
        return folder, service.books()


def look(folder, books):
    with contextlib.closing(sqlite3.connect(f"file:{folder / ROOT / 'wanprep.db'}?immutable=1", uri=True)) as database:
        records = database.execute("SELECT state, task_id FROM jobs").fetchall()
    made = sorted(task["task_id"] for task in books["tasks"])
    assert sorted(task for _, task in records) == made  # none is unknown to us, none made in vain
    assert {state for state, _ in records} == {DONE}
    assert books["tasks_made"] == books["tasks_billed"] == len(records)
    videos = sorted((folder / ROOT / "videos").iterdir())
    assert [video.name for video in videos] == [task + ".mp4" for task in made]
    assert {hashlib.sha256(video.read_bytes()).hexdigest() for video in videos} == {books["result_sha256"]}
    assert not any(entry["key_elsewhere"] for entry in books["requests"])
    return len(records), {entry["endpoint"] for entry in books["requests"] if "fault" in entry}


SEEDS = {"run": (1, 2, 3), "batch": (4, 5, 6)}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chance")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return {(command, seed): pool.submit(play, folder / f"{command}{seed}", seed, command == "batch")
                for command, seeds in SEEDS.items() for seed in seeds}


@pytest.mark.parametrize("command, seed", [(command, seed) for command, seeds in SEEDS.items() for seed in seeds])
def test_books_and_records_agree(played, command, seed):
    done, _ = look(*played[command, seed].result())
    assert done == (ROWS if command == "batch" else 4)


def test_every_endpoint_met_with_faults(played):
    met = set().union(*(look(*future.result())[1] for future in played.values()))
    assert {"create", "query", "policy", "upload", "download"} <= met
