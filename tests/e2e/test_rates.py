"""The service's rate limits, kept together by all processes of a user."""
import os
import pathlib
import sys
import time

import pytest

from conftest import FIXTURES, Wanprep
from emulator import Emulator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "bench"))
import jobs  # noqa: E402

PROCESSES = 6
ARGS = ("run", "--json", "--yes", "--force", "--skip-preflight", "--poll-interval", "100ms",
        FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4")


def run_many(tmp_path, service, together):
    """Several processes at the same time; returns the statuses of all answers of the service, by endpoint."""
    processes = []
    for number in range(PROCESSES):
        folder = tmp_path / f"{together}{number}"
        folder.mkdir()
        wanprep = Wanprep(folder)
        wanprep.env.update(service.env)
        if together:
            wanprep.env["XDG_RUNTIME_DIR"] = str(tmp_path)
        processes.append(wanprep.start(*ARGS))
    for process in processes:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, (out, err)
    return [request.status for request in service.requests()]


def test_processes_meet_no_429(tmp_path):
    with Emulator("--rate-limits", "on", "--running", "1500ms", "--keep", "10000") as service:
        statuses = run_many(tmp_path, service, together=True)
        assert len(service.tasks) == PROCESSES
    assert statuses.count(429) == 0
    assert len(statuses) > 100  # more than a bucket of the service holds, or nothing was shown
    kept = [path.name for path in (tmp_path / "wanprep").iterdir()]
    assert len(kept) == 1 and Emulator.KEY not in kept[0]  # one account


def test_without_a_common_folder_they_do(tmp_path):
    """The other side: what the first test shows is due to the folder."""
    with Emulator("--rate-limits", "on", "--running", "1500ms", "--keep", "10000") as service:
        statuses = run_many(tmp_path, service, together=False)
        assert len(service.tasks) == PROCESSES  # they get through it all the same
    assert statuses.count(429) > 0


@pytest.fixture
def one(wanprep):
    with Emulator() as service:
        wanprep.env.update(service.env)
        yield wanprep


def test_a_folder_that_others_can_write_to_is_not_used(one):
    shared = one.folder / "runtime"
    (shared / "wanprep").mkdir(parents=True)
    (shared / "wanprep").chmod(0o777)
    one.env["XDG_RUNTIME_DIR"] = str(shared)
    done = one(*ARGS, "-v")
    assert done.returncode == 0
    assert done.stderr.count("rate limits") == 1
    assert not list((shared / "wanprep").iterdir())


def test_without_a_runtime_folder_there_is_one_in_tmp(one):
    del one.env["XDG_RUNTIME_DIR"]
    done = one(*ARGS, "-v")
    assert done.returncode == 0
    assert "rate limits" not in done.stderr
    folder = f"/tmp/wanprep-{os.geteuid()}"
    assert os.stat(folder).st_mode & 0o777 == 0o700
    assert os.listdir(folder)


def test_who_waits_for_a_turn_can_be_stopped(wanprep):
    """A Retry-After holds for all processes; a signal ends the waiting for it at once."""
    with Emulator("--fault", "query=429:retry-after=50") as service:
        wanprep.env.update(service.env)
        first = wanprep.start(*ARGS)
        while not service.requests("query"):
            time.sleep(0.05)
        second = wanprep.start(*ARGS)
        while len(service.tasks) < 2:
            time.sleep(0.05)
        time.sleep(0.5)
        assert len(service.requests("query")) == 1  # the second one has not asked
        begin = time.monotonic()
        for process in (first, second):
            process.terminate()
            process.communicate(timeout=60)
            assert process.returncode == 130
        assert time.monotonic() - begin < 40


def test_fifty_jobs_at_the_same_time(tmp_path):
    """A sample of tests/bench/jobs.py, by the books of the service."""
    run, books = jobs.measure(tmp_path, 50, "--skip-preflight", "--poll-interval", "1s",
                              sandbox=("--running", "8s", "--parallel", 50))
    assert run.code == 0 and run.counts == {"OK": 50}
    assert len(books["tasks"]) == 50 and books["tasks_billed"] == 50
    rates = jobs.rates(books)
    assert {name: refused for name, (_, _, refused) in rates.items()} == dict.fromkeys(rates, 0)
    for name, limit in (("create", 5), ("query", 20), ("list", 20), ("policy", 100)):
        assert rates[name][1] <= limit, (name, rates[name])
    assert rates["create"][0] == 50 and None not in jobs.lateness(books)
    assert rates["list"][0] > 3 and rates["query"][0] <= 100  # one by one some 8 questions a task


def test_the_most_a_second():
    assert jobs.most_a_second([0, 999, 1000, 1500, 1998, 1999]) == 4
    assert jobs.most_a_second([0, 1000]) == 1 and jobs.most_a_second([]) == 0


def test_where_there_is_no_list_tasks_are_asked_for_one_by_one(tmp_path):
    run, books = jobs.measure(tmp_path, 15, "--skip-preflight", "--poll-interval", "1s",
                              sandbox=("--running", "5s", "--parallel", 15, "--fault", "list=503"))
    rates = jobs.rates(books)
    assert run.code == 0 and run.counts == {"OK": 15}
    assert rates["list"][0] <= 2 and rates["query"][0] >= 15 * 3


def test_tasks_that_were_made_before_are_asked_for_by_a_list(tmp_path):
    jobs.manifest(tmp_path, 20)
    args = ("--skip-preflight", "--poll-interval", "10s")
    with Emulator("--running", "60s", "--parallel", 20) as service:
        first = jobs.Run(tmp_path, service, *args, until=lambda: len(service.tasks) == 20)
        before = service.books()["counts"]
        again = jobs.Run(tmp_path, service, *args, until=lambda: service.books()["counts"]["list"] > before["list"])
        after = service.books()["counts"]
    assert first.code == again.code == 130 and after["create"] == 20
    assert after["query"] - before["query"] <= 3
