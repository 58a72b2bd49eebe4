#!/usr/bin/env python3
"""Kill rounds: jobs whose processes are killed at random instants and started again until they are done.

    kill.py --bin build/release/src --rounds 500 --seed 1 --mode run|batch|postgres [--parallel N]

One round is one folder, one wanprep-sandbox (in every second round with seeded chance faults of its own), some pairs,
and at least one SIGKILL of a whole process group: either before the Nth call that reaches the disk or the network
(io_shim.c), or at a random time. Afterwards the sandbox's books and the store must agree: every pair done exactly once,
every result equal to what was served, nothing left over. The same seed plans the same rounds;
what a kill then meets depends on timing, too."""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
FIXTURES = HERE.parents[1] / "fixtures"
ROOT = pathlib.Path("output/aliyun-wan-animate-move")
STATES = ("planned", "checked", "uploading", "submitting", "submitted", "succeeded", "downloading", "done", "rejected",
          "failed", "canceled", "expired", "uncertain")
FAULTS = ("create@8%=drop-after", "create@8%=drop-before", "create@8%=500", "create@8%=429:retry-after=1",
          "upload@8%=drop-before", "upload@8%=503", "policy@8%=500", "query@10%=drop-before", "query@5%=502",
          "list@10%=503", "download@15%=truncate:30000", "download@10%=drop-before", "download@5%=503")
DELAYS = ("policy=delay:20", "upload@50%=delay:30", "create@50%=delay:40", "query@30%=delay:30", "download@50%=delay:40")
PATIENCE = 240  # s, of the slowest thing that can be waited for


def run_quietly(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **more).stdout


class Sqlite:
    """The records of one folder, read from a copy, as a look at them must not change what the next process finds."""

    def __init__(self, folder):
        self.folder = folder
        self.args = ()

    def rows(self, columns):
        database = self.folder / ROOT / "wanprep.db"
        if not database.exists():
            return []
        with tempfile.TemporaryDirectory(dir=self.folder) as copy:
            for suffix in ("", "-wal"):
                if database.with_name(database.name + suffix).exists():
                    shutil.copy(str(database) + suffix, copy + "/copy.db" + suffix)
            connection = sqlite3.connect(copy + "/copy.db")
            try:
                return connection.execute(f"SELECT {columns} FROM jobs").fetchall()
            except sqlite3.OperationalError as error:
                assert "no such table" in str(error), error
                return []
            finally:
                connection.close()

    def bury(self, _):
        """Locks of files end with their holder."""


class Postgres:
    """The records of a schema of its own."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.sql(f"CREATE SCHEMA {name}")
        self.args = ("--store", f"{server}?options=-csearch_path%3D{name}")

    def sql(self, text):
        return run_quietly("psql", "-X", "-q", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", "-c",
                           f"SET search_path = {self.name}; {text}", self.server).splitlines()

    def rows(self, columns):
        if self.sql("SELECT to_regclass('wanprep_jobs') IS NOT NULL") != ["t"]:
            return []
        rows = [line.split("|") for line in self.sql(f"SELECT {columns} FROM wanprep_jobs")]
        return [tuple(int(part) if part.isdigit() else part for part in row) for row in rows]

    def bury(self, pids):
        """The leases of the dead run out at once, so that a round need not wait for a minute and a half."""
        if self.sql("SELECT to_regclass('wanprep_workers') IS NOT NULL") == ["t"]:
            for pid in pids:
                self.sql("UPDATE wanprep_workers SET alive_until = clock_timestamp() - interval '1 second'"
                         f" WHERE name LIKE '%:{pid}'")


class Round:
    def __init__(self, plan, number):
        self.plan = plan
        self.chance = random.Random(f"{plan.seed} {plan.mode} {number}")
        self.number = number
        self.states = collections.Counter()
        self.kills = self.asked = 0

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wanprep-kill-"))
        (self.folder / "runtime").mkdir(mode=0o700)
        faults = FAULTS if self.number % 2 else ()
        options = [word for fault in (*faults, *DELAYS) for word in ("--fault", fault)]
        from emulator import Emulator
        self.service = Emulator("--running", self.chance.choice((20, 100, 300)), "--keep", 1, "--seed",
                                self.chance.randrange(1 << 31), *options).__enter__()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
                    "LC_ALL": "C", **self.service.env}
        self.env.update({name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")})
        self.store = Postgres(self.plan.server, f"round{self.number}_{os.getpid()}") if self.plan.mode == "postgres" \
            else Sqlite(self.folder)
        self.pairs = [self.pair(i) for i in range(self.chance.randint(2, 3))]
        lines = "".join(f"{image},{video}\n" for image, video in self.pairs)
        (self.folder / "pairs.csv").write_text("image,video\n" + lines)
        return self

    def __exit__(self, failure, *_):
        self.service.__exit__(failure, None, None)
        if not failure:
            shutil.rmtree(self.folder)

    def pair(self, number):
        """An image like no other: with a comment segment of its own (ITU-T T.81 B.2.4.5)."""
        image = (FIXTURES / "images" / "person.jpg").read_bytes()
        comment = b"number %d" % number
        path = self.folder / f"person-{number}.jpg"
        path.write_bytes(image[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + image[2:])
        return path, FIXTURES / "videos" / "dance.mp4"

    # Processes

    def start(self, command, *args, shim=None):
        env = dict(self.env)
        if shim:
            env.update(LD_PRELOAD=str(self.plan.shim), IO_SHIM_FOLDER=str(self.folder / "output"), **shim)
        with open(self.folder / "said", "a", encoding="utf-8") as said:
            return subprocess.Popen([str(self.plan.bin / "wanprep"), command, *map(str, args), *self.store.args,
                                     "--poll-interval", "100ms"], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
                                    stdout=said, stderr=said, start_new_session=True)

    def commands(self, *more):
        """The commands that do all pairs."""
        check = () if self.chance.random() < 0.25 else ("--skip-preflight",)
        if self.plan.mode == "run":
            return [("run", "--yes", *check, *more, *pair) for pair in self.pairs]
        return [("batch", "--yes", *check, *more, "pairs.csv")]

    def kill(self, processes):
        """Makes sure that they are dead and notes in which states that found the jobs."""
        for process in processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait(timeout=PATIENCE)
        dead = [process for process in processes if process.returncode == -signal.SIGKILL]
        self.kills += len(dead)
        self.store.bury([process.pid for process in dead])
        if dead:
            states = collections.Counter(STATES[state] for state, in self.store.rows("state"))
            self.states += states or collections.Counter(["no record"])
        return dead

    def instant(self):
        """Where a life ends: a time, or a call, anywhere or not long after a request."""
        from_text, calls = self.chance.choice((("", 0), ("", 60), ("", 260), ("POST /api/v1/services/", 12),
                                               ("GET /api/v1/tasks/", 30), ("GET /results/", 60)))
        if not calls:
            return None, self.chance.uniform(0, 1.5)
        shim = {"IO_SHIM": f"kill:{self.chance.randint(1, calls)}"}
        if from_text:
            shim["IO_SHIM_FROM"] = from_text
        return shim, PATIENCE

    def wait(self, processes, seconds):
        end = time.monotonic() + seconds
        for process in processes:
            try:
                process.wait(timeout=max(0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass

    def live(self):
        """One life of all commands, each killed at an instant of its own."""
        instants = [(command, *self.instant()) for command in self.commands()]
        processes = [self.start(*command, shim=shim) for command, shim, _ in instants]
        self.wait(processes, min(seconds for _, _, seconds in instants))
        self.kill(processes)

    def live_as_workers(self):
        """A queue is made and left; of three workers one after the other is killed and comes back."""
        maker = self.start(*self.commands()[0], shim={"IO_SHIM": f"kill:{self.chance.randint(120, 600)}"})
        self.wait([maker], PATIENCE)
        self.kill([maker])
        worker = ("work", "--drain")
        workers = [self.start(*worker, shim=self.instant()[0]) for _ in range(3)]
        for _ in range(self.chance.randint(1, 3)):
            victim = self.chance.randrange(3)
            self.wait([workers[victim]], self.chance.uniform(0, 1.5))
            self.kill([workers[victim]])
            workers[victim] = self.start(*worker, shim=self.instant()[0])
        self.wait(workers, PATIENCE)
        self.kill(workers)

    def finish(self):
        """The same commands again until all have ended well; what a person has to decide is looked at, as told to."""
        more = ()
        for _ in range(40):
            processes = [self.start(*command) for command in self.commands(*more)]
            self.wait(processes, PATIENCE)
            codes = [process.poll() for process in processes]
            if all(code == 0 for code in codes):
                return
            assert all(code in (0, 3, 5, 7) for code in codes), codes
            more = ()
            if 7 in codes and any(state == STATES.index("uncertain") for state, in self.store.rows("state")):
                known = {task for task, in self.store.rows("task_id")}
                assert all(task["task_id"] in known for task in self.service.tasks), "a task that nobody knows"
                more = ("--resubmit",)
                self.asked += 1
        raise AssertionError(f"still not done: {codes}")

    def judge(self):
        books, rows = self.service.books(), self.store.rows("state, task_id, image")
        wanted = len(self.pairs)
        tasks = sorted(task["task_id"] for task in books["tasks"])
        assert books["tasks_made"] == len(tasks) == wanted, f"{books['tasks_made']} tasks for {wanted} pairs"
        assert books["tasks_billed"] == wanted
        assert sorted(task for _, task, _ in rows) == tasks, "the store and the books differ"
        assert all(state == STATES.index("done") for state, _, _ in rows), rows
        assert len({image for _, _, image in rows}) == wanted
        videos = sorted((self.folder / ROOT / "videos").iterdir())
        assert [video.name for video in videos] == [task + ".mp4" for task in tasks], videos
        for video in videos:
            assert hashlib.sha256(video.read_bytes()).hexdigest() == books["result_sha256"], video
        left = sorted(path.name for path in (self.folder / ROOT / "tasks").iterdir())
        assert left == sorted(task + end for task in tasks for end in (".json", ".log.jsonl")), left

    def play(self):
        for _ in range(20):
            if self.plan.mode == "postgres":
                self.live_as_workers()
            else:
                for _ in range(self.chance.randint(1, 3)):
                    self.live()
            if self.kills:
                break
        self.finish()
        self.judge()


def play(plan, number):
    mode = ("run", "batch")[number // 2 % 2] if plan.mode == "mixed" else plan.mode
    plan = argparse.Namespace(**{**vars(plan), "mode": mode})
    round_ = Round(plan, number)
    with round_:
        try:
            round_.play()
        except BaseException as error:
            print(f"round {number} ({mode}): {error!r}; see {round_.folder}/said", file=sys.stderr, flush=True)
            raise
    return round_


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=("run", "batch", "mixed", "postgres"), default="mixed")
    parser.add_argument("--parallel", type=int, default=2)
    plan = parser.parse_args()
    plan.bin = plan.bin.resolve()
    plan.server = os.environ.get("WANPREP_TEST_POSTGRES", "")
    assert plan.mode != "postgres" or plan.server, "run it by tests/postgres.sh"
    os.environ["WANPREP_BIN"] = str(plan.bin)
    total, states, began, failed = collections.Counter(), collections.Counter(), time.monotonic(), []
    with tempfile.TemporaryDirectory() as scratch:
        plan.shim = pathlib.Path(scratch) / "io_shim.so"
        run_quietly("cc", "-shared", "-fPIC", "-O1", "-o", plan.shim, HERE / "io_shim.c")
        with concurrent.futures.ThreadPoolExecutor(plan.parallel) as pool:
            rounds = {pool.submit(play, plan, plan.first + i): plan.first + i for i in range(plan.rounds)}
            for done in concurrent.futures.as_completed(rounds):
                if done.exception():
                    failed.append(rounds[done])
                    continue
                total += collections.Counter(rounds=1, kills=done.result().kills, asked=done.result().asked)
                states += done.result().states
                if total["rounds"] % 25 == 0:
                    print(f"{total['rounds']} rounds, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{plan.mode}, seed {plan.seed}: {total['rounds']} rounds, {total['kills']} kills,"
          f" {total['asked']} times a person was asked, {len(failed)} failed {sorted(failed)},"
          f" {time.monotonic() - began:.0f} s")
    print("states of the jobs at the kills: " + ", ".join(f"{name} {states[name]}" for name in ("no record", *STATES)
                                                         if states[name]))
    return 1 if failed or total["rounds"] != plan.rounds else 0


if __name__ == "__main__":
    sys.exit(main())
