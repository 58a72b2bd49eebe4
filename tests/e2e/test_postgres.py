"""Job records in a real PostgreSQL, shared by processes that know nothing of each other."""
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import FIXTURES, Wanprep
from emulator import Emulator

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "postgres.sh"
PAIR = (FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4")
ROOT = "output/aliyun-wan-animate-move"


class Postgres:
    """A server of our own; each test gets a schema of its own in it."""

    def __init__(self):
        self.process = subprocess.Popen(
            [SCRIPT, "sh", "-c", 'echo "$WANPREP_TEST_POSTGRES"; echo "$WANPREP_TEST_POSTGRES_DIR"; cat'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.server = self.process.stdout.readline().strip()
        self.folder = self.process.stdout.readline().strip()
        assert self.server, "PostgreSQL did not start"
        self.schemas = 0

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=120) == 0

    def new(self):
        self.schemas += 1
        self.schema = f"e2e{self.schemas}"
        self.sql(f"CREATE SCHEMA {self.schema}")
        self.url = f"{self.server}?options=-csearch_path%3D{self.schema}"

    def sql(self, text):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c",
                               f"SET search_path = {getattr(self, 'schema', 'public')}; {text}", self.server],
                              stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.strip()

    def let_leases_run_out(self):
        self.sql("UPDATE wanprep_workers SET alive_until = clock_timestamp() - interval '1 second'")

    def restart(self):
        own = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*own, "/usr/lib/postgresql/15/bin/pg_ctl", "-D", f"{self.folder}/data", "-s", "-w", "-m", "fast",
                        "-l", f"{self.folder}/data/server.log", "restart"], check=True, cwd="/")


@pytest.fixture(scope="module")
def server():
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def store(server):
    server.new()
    return server


class Machine(Wanprep):
    """A user's folder on a machine of its own."""

    def __init__(self, tmp_path, name, service, store):
        folder = tmp_path / name
        folder.mkdir()
        super().__init__(folder)
        self.env.update(service.env)
        self.store = store.url

    def args(self, command, *more):
        return (command, "--store", self.store, "--json", "--poll-interval", "100ms", *more)

    def run_args(self, *more):
        return self.args("run", "--yes", "--skip-preflight", *PAIR, *more)

    @property
    def videos(self):
        return sorted(path.name for path in (self.folder / ROOT / "videos").iterdir())


def wait_for_task(store, state="4"):
    for _ in range(600):
        if store.sql("SELECT to_regclass('wanprep_jobs') IS NOT NULL") == "t" and \
                store.sql(f"SELECT count(*) FROM wanprep_jobs WHERE state = {state}") != "0":
            return
        time.sleep(0.05)
    raise AssertionError("the task was not made")


def test_a_job_with_records_in_postgres(tmp_path, store):
    with Emulator() as service:
        machine = Machine(tmp_path, "a", service, store)
        first = machine.json(*machine.run_args())
        again = machine.json(*machine.run_args())
        assert again["task_id"] == first["task_id"] and len(service.tasks) == 1
        assert not list(machine.folder.rglob("*.db")) and not list(machine.folder.rglob("*.lock"))
        listed = machine("tasks", "--store", store.url, "--json")
        assert [json.loads(line)["task_id"] for line in listed.stdout.splitlines()] == [first["task_id"]]
        assert store.sql("SELECT count(*) FROM wanprep_workers") == "0"  # everybody has left
        assert store.sql("SELECT count(*) FROM wanprep_locks") == "0"


def test_the_password_is_not_told(tmp_path, store):
    with Emulator() as service:
        machine = Machine(tmp_path, "a", service, store)
        done = machine(*machine.run_args("-v", "-v"))
        assert done.returncode == 0
        assert "secret" not in done.stdout + done.stderr
        for path in machine.folder.rglob("*"):
            assert not path.is_file() or b"secret" not in path.read_bytes()
        for url in (store.url.replace("secret", "hidden"), store.url.replace("postgresql:", "postgress:"),
                    "postgresql://wanprep:hidden@127.0.0.1:1/x", "postgresql://wanprep:hidden@[::1/x"):
            machine.store = url
            failed = machine(*machine.run_args("-v", "-v"))
            assert failed.returncode in (2, 70)
            assert "hidden" not in failed.stdout + failed.stderr and "secret" not in failed.stdout + failed.stderr
        assert len(service.tasks) == 1


def test_the_same_pair_on_many_machines_is_one_task(tmp_path, store):
    with Emulator("--running", "1s") as service:
        machines = [Machine(tmp_path, name, service, store) for name in "abcd"]
        running = [machine.start(*machine.run_args()) for machine in machines]
        for process in running:
            out, err = process.communicate(timeout=240)
            assert process.returncode == 0, (out, err)
        assert len(service.tasks) == 1


def test_a_killed_worker_is_taken_over(tmp_path, store):
    with Emulator("--running", "2s") as service:
        one, other = (Machine(tmp_path, name, service, store) for name in "ab")
        process = one.start(*one.run_args())
        wait_for_task(store)
        process.kill()
        process.communicate()
        store.let_leases_run_out()
        done = other(*other.args("resume"))
        assert done.returncode == 0, (done.stdout, done.stderr)
        assert len(service.tasks) == 1 and len(other.videos) == 1


def test_a_stopped_worker_is_fenced(tmp_path, store):
    with Emulator("--running", "2s") as service:
        one, other = (Machine(tmp_path, name, service, store) for name in "ab")
        process = one.start(*one.run_args())
        wait_for_task(store)
        process.send_signal(signal.SIGSTOP)
        store.let_leases_run_out()
        done = other(*other.args("resume"))
        assert done.returncode == 0, (done.stdout, done.stderr)
        before = store.sql("SELECT * FROM wanprep_jobs")
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 70 and "lease" in out + err
        assert store.sql("SELECT * FROM wanprep_jobs") == before
        assert len(service.tasks) == 1 and len(other.videos) == 1


def test_the_server_is_restarted(tmp_path, store):
    with Emulator("--running", "4s") as service:
        machine = Machine(tmp_path, "a", service, store)
        process = machine.start(*machine.run_args())
        wait_for_task(store)
        store.restart()
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (out, err)
        assert len(service.tasks) == 1 and len(machine.videos) == 1


def test_workers_share_the_rates(tmp_path, store):
    """Without a folder in common: by the database alone."""
    with Emulator("--rate-limits", "on", "--running", "1500ms", "--keep", "10000") as service:
        machines = [Machine(tmp_path, name, service, store) for name in "abcdef"]
        running = [machine.start(*machine.run_args("--force")) for machine in machines]
        for process in running:
            out, err = process.communicate(timeout=240)
            assert process.returncode == 0, (out, err)
        assert [request.status for request in service.requests()].count(429) == 0
        assert len(service.tasks) == len(machines)
        assert store.sql("SELECT count(*) FROM wanprep_limits") != "0"
