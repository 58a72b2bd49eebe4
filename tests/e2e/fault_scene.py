"""Faults played through the real binaries: what a command comes to, and what must never be.

Many are played at a time, in folders of their own, and none waits for real: see hurry.c."""
import concurrent.futures
import contextlib
import dataclasses
import hashlib
import http.client
import pathlib
import re
import sqlite3
import subprocess
import time

import fault_table
from conftest import FIXTURES, Wanprep
from emulator import Emulator
from sandbox_client import Client

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
SOURCE = pathlib.Path(__file__).with_name("hurry.c")
WORKERS = 14
RUN = ("run", "--json", "--yes", "--skip-preflight", "--poll-interval", "2s", "--timeout", "60s", IMAGE, VIDEO)
STATES = ("planned", "checked", "uploading", "submitting", "submitted", "succeeded", "downloading", "done", "rejected",
          "failed", "canceled", "expired", "uncertain")  # by their numbers in the database
MINUTES = {"hang", "hang:after", "drip:1000", "drip:100"}  # faults that only a timeout ends


@dataclasses.dataclass
class Case:
    section: fault_table.Section
    row: fault_table.Row
    stays: bool
    alone: bool = False  # the command is not run again once the fault is gone

    @property
    def name(self):
        fault = self.row.action or " ".join(self.row.options)
        return f"{self.section.command}-{self.section.endpoint}{'' if self.stays else '@1'}={fault}"

    @property
    def end(self):
        return self.row.stays if self.stays else self.row.once

    @property
    def then(self):
        return fault_table.then_of(self.section, self.row) if self.stays and not self.alone else None

    def options(self):
        section, action = self.section, self.row.action
        rules = [section.before] if section.before else []
        if action == "away":
            where = section.after or ("policy@1" if section.endpoint == "list" else "list@1")
            rules.append(f"{where}=away:{15000 if self.stays else 100}")
        elif action:
            rules.append(f"{section.endpoint}{'' if self.stays else '@1'}={action}")
        pending = ("--pending", "10m") if section.command == "cancel" else ()
        return [*pending, *self.row.options, *(option for rule in rules for option in ("--fault", rule))]


@dataclasses.dataclass
class Seen:
    """What came of a command."""
    end: fault_table.End
    said: str
    faults: int       # requests that met with it
    counts: dict      # of the requests, by endpoint
    strays: list      # files that have no business there
    leaks: list       # where the key stands
    videos_are_good: bool
    task_ids_agree: bool


class Scene:
    """A case being played."""

    def __init__(self, case, folder, library):
        self.case = case
        self.folder = folder
        self.root = self.folder / "output" / "aliyun-wan-animate-move"
        self.wanprep = Wanprep(self.folder)
        options = self.wanprep.env.get("ASAN_OPTIONS", "")
        lasts = case.stays and case.row.action == "away"  # the attempts must be over before the service is back
        self.wanprep.env.update(LD_PRELOAD=str(library), SLEEP_FASTER="1000000000" if lasts else "100",
                                IDLE_FASTER="20" if case.row.action in MINUTES else "1",
                                ASAN_OPTIONS=options + ":verify_asan_link_order=0")
        self.task = None

    def play(self):
        with Emulator(*self.case.options()) as service:
            self.wanprep.env.update(service.env)
            self.prepare(service)
            first = self.run(service)
            if not self.case.then:
                return first, None
            self.heal(service)
            return first, self.run(service, *(["--resubmit"] if first.end.state == "uncertain" else []))

    def prepare(self, service):
        client = Client(service)
        if self.case.section.command != "run":
            self.task = client.task()
        if self.case.row.action == "away" and not self.case.section.after:
            assert (client.policy if self.case.section.endpoint == "list" else lambda: client.get("/tasks/"))()

    def heal(self, service):
        deadline = time.monotonic() + 60
        while True:
            try:
                assert Client(service).send("DELETE", "/sandbox/faults").status == 200
                return
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "the sandbox did not come back"
                time.sleep(0.05)

    def run(self, service, *more):
        command = {"run": RUN, "tasks": ("tasks", "--remote", "--json"),
                   "cancel": ("cancel", "--json", str(self.task))}[self.case.section.command]
        done = self.wanprep(*command, *more)
        return self.look(service, done)

    def look(self, service, done):
        books = self.books(service)
        records = self.records()
        made = {task["task_id"] for task in books["tasks"]}
        owned = [task for _, task in records if task]
        state = records[-1][0] if records else None
        if self.case.section.command == "tasks":
            end = fault_table.End(None, done.returncode)
        else:
            end = fault_table.End(state, done.returncode, books["tasks_made"], books["tasks_billed"],
                                  len(made & set(owned)))
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        expected = {"wanprep.db", "wanprep.lock"}
        strays = [path.name for path in files
                  if path.name not in expected and not re.fullmatch(self.allowed(state), path.name)]
        leaks = [path.name for path in files if service.KEY.encode() in path.read_bytes()]
        leaks += ["its output"] if service.KEY in done.stdout + done.stderr else []
        leaks += ["a request"] if any(entry["key_elsewhere"] for entry in books["requests"]) else []
        videos = [path for path in files if path.suffix == ".mp4"]
        good = all(hashlib.sha256(path.read_bytes()).hexdigest() == books["result_sha256"] for path in videos)
        return Seen(end, done.stdout + done.stderr, sum("fault" in entry for entry in books["requests"]),
                    books["counts"], strays, leaks,
                    good and len(videos) == sum(state == "done" for state, _ in records),
                    set(owned) <= made and len(set(owned)) == len(owned))

    @staticmethod
    def allowed(state):
        """The names of a job's files: half a result only where it is to be continued."""
        part = r"|\.mp4\.part" if state in ("downloading", "submitted") else ""
        bad = r"|\.mp4\.bad" if state == "succeeded" else ""
        return rf"[0-9a-f-]+(\.json|\.log\.jsonl|\.mp4{part}{bad})"

    def books(self, service):
        deadline = time.monotonic() + 60
        while True:
            try:
                return service.books()
            except OSError:
                assert time.monotonic() < deadline, "the sandbox did not come back"
                time.sleep(0.05)

    def records(self):
        path = self.root / "wanprep.db"
        if not path.exists():
            return []
        # Nobody writes to it, and a reader of the usual kind leaves files of its own beside it.
        with contextlib.closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
            rows = database.execute("SELECT state, task_id FROM jobs ORDER BY created_ms").fetchall()
        return [(STATES[state], task) for state, task in rows]


def play_all(cases, folder):
    """Plays them; returns a future by the name of each. What takes long comes first."""
    library = folder / "hurry.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE], check=True)
    cases = sorted(cases, key=lambda case: (case.row.action != "away", case.row.action not in MINUTES))
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        scenes = {}
        for number, case in enumerate(cases):
            home = folder / str(number)
            home.mkdir()
            scenes[case.name] = pool.submit(Scene(case, home, library).play)
    return scenes


def assert_as(seen, end):
    owned = end.made if end.owned is None else end.owned
    want = dataclasses.replace(end, owned=None if end.state is None else owned)
    assert seen.end == want, seen.said
    assert not seen.strays and not seen.leaks
    assert seen.videos_are_good and seen.task_ids_agree
