"""A job against a service that errs: how each fault ends, and that nothing is paid twice."""
import hashlib
import time

import pytest

from conftest import FIXTURES
from emulator import Emulator
from sandbox_client import Client

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
ARGS = ("run", "--json", "--yes", "--poll-interval", "100ms", "--skip-preflight", IMAGE, VIDEO)
ROOT = "output/aliyun-wan-animate-move"


def point(wanprep, service):
    wanprep.env.update(service.env)


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.01)


def assert_done_once(wanprep, service):
    """The video is what was served, and the books know of one task."""
    books = service.books()
    assert len(books["tasks"]) == 1
    videos = list((wanprep.folder / ROOT / "videos").iterdir())
    assert [video.name for video in videos] == [books["tasks"][0]["task_id"] + ".mp4"]
    assert hashlib.sha256(videos[0].read_bytes()).hexdigest() == books["result_sha256"]


@pytest.mark.parametrize("options", [
    ("--result-shape", "results"), ("--result-shape", "flat"), ("--result-shape", "array"),
    ("--usage-shape", "integer"), ("--usage-shape", "missing"), ("--policy-shape", "output"),
    ("--policy-lifetime", "0"),
], ids=" ".join)
def test_every_shape_of_an_answer_is_read(wanprep, options):
    with Emulator(*options) as service:
        point(wanprep, service)
        if options[0] == "--policy-lifetime":  # every policy is expired on arrival
            wanprep.json(*ARGS, code=4)
            assert service.tasks == []
            return
        wanprep.json(*ARGS)
        assert_done_once(wanprep, service)


# Faults that pass: the job must get through them, with one task.
@pytest.mark.parametrize("fault", [
    "policy@1=500", "policy@1=503", "policy@1=429:retry-after=1", "policy@1=drop-before", "policy@1=garbage",
    "policy@1=missing-field:policy", "policy@1=html502",
    "upload@1=500", "upload@1=503", "upload@1=expired", "upload@1=drop-before", "upload@1=drop-after", "upload@1=409",
    "create@1=429", "create@1=429:retry-after=1", "create@1=429:retry-after=soon", "create@1=503",
    "create@1=drop-after", "create@1=500:after", "create@1=504:after", "create@1=408:after", "create@1=garbage",
    "create@1=html502:after", "create@1=truncate:10", "create@1=wrong-length:9000", "create@1=huge", "create@1=deep",
    "create@1=missing-field:task_id", "create@1=missing-field:output",
    "query@1-3=500", "query@1=503", "query@1=429:retry-after=1", "query@1=drop-before", "query@1=garbage",
    "query@1=truncate:30", "query@1=huge", "query@1=deep", "query@1=missing-field:output", "query@1=html502",
    "query@1=missing-field:task_status", "query@1=408",
    "download@1=500", "download@1=403", "download@1=expired", "download@1=404", "download@1=drop-before",
    "download@1=truncate:1000", "download@1=wrong-length:1000", "download@1=garbage", "download@1-2=503",
])
def test_a_fault_that_passes(wanprep, fault):
    with Emulator("--fault", fault) as service:
        point(wanprep, service)
        wanprep.json(*ARGS)
        assert_done_once(wanprep, service)
        assert any(request.fault for request in service.requests()), "the fault was not met"


# Creates that made nothing and whose answer told nothing: two looks at the list, then sent again.
@pytest.mark.parametrize("fault", ["create@1=drop-before", "create@1=500", "create@1=html502"])
def test_a_create_that_made_nothing_is_sent_again(wanprep, fault):
    with Emulator("--fault", fault) as service:
        point(wanprep, service)
        wanprep.json(*ARGS)
        assert_done_once(wanprep, service)
        assert len(service.requests("create")) == 2
        assert len(service.requests("list")) >= 2


@pytest.mark.parametrize("fault, code, state", [
    ("policy@1-=401", 4, "uploading"),
    ("policy@1-=404", 4, "uploading"),
    ("upload@1-=403", 4, "uploading"),
    ("create@1-=400", 4, "rejected"),
    ("create@1-=401", 4, "rejected"),
    ("create@1-=403", 4, "rejected"),
    ("create@1-=404", 4, "rejected"),
    ("create@1-=400:code=DataInspectionFailed", 4, "rejected"),
    ("create@1-=400:code=Arrearage", 4, "rejected"),
    ("create@1-=429:code=Arrearage", 4, "rejected"),
    ("create@1-=400:code=NeverHeardOf", 4, "rejected"),
    ("query@1-=401", 4, "submitted"),
    ("query@1-=403", 4, "submitted"),
    ("query@1-=missing-field:video_url", 5, "submitted"),
    ("download@1-=garbage", 5, "succeeded"),
    ("download@1-=400", 4, "downloading"),
    ("download@1-=403", 3, "downloading"),
])
def test_a_fault_that_stays(wanprep, fault, code, state):
    """It ends with this code in this state; and when the fault is gone, the same command gets on, or anew."""
    with Emulator("--fault", fault) as service:
        point(wanprep, service)
        document = wanprep.json(*ARGS, code=code)
        assert document["state"] == state, document
        assert len(service.tasks) <= 1
        assert service.KEY not in str(document)


def test_a_task_that_fails_says_why(wanprep):
    with Emulator("--outcome", "FAILED", "--code", "InvalidImage.NoHuman", "--message", "nobody there") as service:
        point(wanprep, service)
        done = wanprep(*ARGS)
        assert done.returncode == 5
        assert "InvalidImage.NoHuman" in done.stdout and "nobody there" in done.stdout


def test_a_cut_download_is_continued_by_range(wanprep):
    with Emulator("--fault", "download@1=truncate:100000", "--fault", "download@2=truncate:50000") as service:
        point(wanprep, service)
        wanprep.json(*ARGS)
        assert_done_once(wanprep, service)
        first, second, third = service.requests("download")
        assert "range" not in first.headers
        assert second.headers["range"] == "bytes=100000-"
        assert third.headers["range"] == "bytes=150000-"
        assert third.headers["if-range"].startswith('"')
        assert all("authorization" not in request.headers for request in (first, second, third))


def test_two_strangers_make_it_uncertain_and_a_person_decides(wanprep):
    """Two tasks of the account appear while our create is out, and it is never answered: none of them is taken,
    and none is made."""
    with Emulator("--fault", "create@1=hang", "--running", "10m") as service:
        point(wanprep, service)
        process = wanprep.start(*ARGS)
        wait_for(lambda: service.books()["counts"].get("create", 0) >= 1)
        strangers = {Client(service).task(), Client(service).task()}
        process.kill()
        process.communicate()
        for _ in range(2):
            document = wanprep.json(*ARGS, code=7)
            assert document["state"] == "uncertain"
            assert "--resubmit" in document["message"]
        assert {task["task_id"] for task in service.tasks} == strangers
        assert wanprep(*ARGS, "--resubmit", "--timeout", "1s").returncode == 6
        assert len(service.tasks) == 3


def test_requests_go_to_the_service_alone(wanprep):
    with Emulator() as service:
        point(wanprep, service)
        wanprep.json(*ARGS)
        assert {request.headers["host"] for request in service.requests()} == {service.root.removeprefix("http://")}
        assert not any(request.key_elsewhere for request in service.requests())
