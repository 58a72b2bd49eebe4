"""Killed at any instant, the same command carries on: one task, one video, nothing left over."""
import hashlib
import random
import signal
import subprocess
import time

import pytest

from conftest import FIXTURES
from emulator import Emulator

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
ARGS = ("run", "--json", "--yes", "--poll-interval", "100ms", "--skip-preflight", IMAGE, VIDEO)
ROOT = "output/aliyun-wan-animate-move"


def assert_done_once(wanprep, service):
    books = service.books()
    assert len(books["tasks"]) == 1, books["tasks"]
    name = books["tasks"][0]["task_id"]
    videos = list((wanprep.folder / ROOT / "videos").iterdir())
    assert [video.name for video in videos] == [name + ".mp4"]
    assert hashlib.sha256(videos[0].read_bytes()).hexdigest() == books["result_sha256"]
    left = sorted(path.name for path in (wanprep.folder / ROOT / "tasks").iterdir())
    assert left == [name + ".json", name + ".log.jsonl"]


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.01)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


# Where the first run is killed: once the service has met this many requests of an endpoint, one of them held up.
@pytest.mark.parametrize("fault, endpoint", [
    ("policy@1=delay:5000", "policy"),
    ("upload@1=delay:5000", "upload"),
    ("upload@2=delay:5000", "upload"),
    ("create@1=delay:5000", "create"),  # the task is made, its id is in no hands
    ("create@1=hang", "create"),        # no task is made
    ("query@1=delay:5000", "query"),
    ("query@2=delay:5000", "query"),
    ("download@1=delay:5000", "download"),
])
def test_killed_while_a_request_is_out(wanprep, fault, endpoint):
    number = int(fault[fault.index("@") + 1])
    with Emulator("--running", "200", "--fault", fault) as service:
        wanprep.env.update(service.env)
        process = wanprep.start(*ARGS)
        wait_for(lambda: service.books()["counts"].get(endpoint, 0) >= number)
        kill(process)
        wanprep.json(*ARGS)
        assert_done_once(wanprep, service)


@pytest.mark.parametrize("seed", range(8))
def test_killed_at_random_until_it_is_done(wanprep, seed):
    chance = random.Random(seed)
    with Emulator("--running", "300", "--fault", "download@1=truncate:50000") as service:
        wanprep.env.update(service.env)
        kills = 0
        while True:
            process = wanprep.start(*ARGS)
            try:
                process.communicate(timeout=chance.uniform(0, 0.15 * 1.3**kills))
                break
            except subprocess.TimeoutExpired:
                kill(process)
                kills += 1
        assert process.returncode == 0
        assert_done_once(wanprep, service)


def test_many_at_a_time_make_one_task(wanprep):
    with Emulator("--running", "500") as service:
        wanprep.env.update(service.env)
        processes = [wanprep.start(*ARGS) for _ in range(4)]
        outputs = [process.communicate(timeout=120) for process in processes]
        assert [process.returncode for process in processes] == [0] * 4, outputs
        assert_done_once(wanprep, service)
        assert len(service.requests("create")) == 1
        assert len(service.requests("download")) == 1
