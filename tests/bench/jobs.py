#!/usr/bin/env python3
"""Many jobs in one process against the local emulator, measured by the emulator's books.

    tests/bench/jobs.py --jobs 1000 --running 250ms --poll 1s          # one task at a time, as the service
    tests/bench/jobs.py --jobs 1000 --running 30s --parallel 1000      # all at the same time

Prints a small table: the peak of the process's memory, the most requests within any second, and how much later than its
task each job saw the end. With --plan the jobs are only planned, interrupted, and begun anew: what that takes.
"""
import argparse
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
os.environ.setdefault("WANPREP_BIN", str(ROOT / "build" / "release" / "src"))

from emulator import BIN, Emulator  # noqa: E402

PERSON = (ROOT / "fixtures" / "images" / "person.jpg").read_bytes()
VIDEO = ROOT / "fixtures" / "videos" / "dance.mp4"
DATABASE = "output/aliyun-wan-animate-move/wanprep.db"


def manifest(folder, jobs):
    """A manifest of distinct pairs: images that differ in a comment segment (ITU-T T.81 B.2.4.5), and one video."""
    lines = ["image,video\n"]
    for number in range(jobs):
        comment = b"number %d" % number
        image = PERSON[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + PERSON[2:]
        (folder / f"{number}.jpg").write_bytes(image)
        lines.append(f"{number}.jpg,{VIDEO}\n")
    (folder / "pairs.csv").write_text("".join(lines))


def peak_kb(pid):
    """The most memory that a process has had, in KiB; None: it is gone."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) if found else None


class Run:
    """One `wanprep batch`: how long, how much memory, what it said."""

    def __init__(self, folder, service, *args, until=lambda: False):
        env = {**os.environ, **service.env, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        command = [BIN / "wanprep", "batch", "--json", "--yes", *args, "pairs.csv"]
        began, stopped, self.kb = time.monotonic(), 0, 0
        with open(folder / "said", "w") as said, open(folder / "told", "w") as told:
            process = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=told)
            while process.poll() is None:
                self.kb = max(self.kb, peak_kb(process.pid) or 0)
                if not stopped and until():
                    process.send_signal(signal.SIGINT)
                    stopped = time.monotonic()
                time.sleep(0.05)
        ended = time.monotonic()
        self.code = process.returncode
        self.seconds = ended - began
        self.stopping = ended - stopped if stopped else 0
        lines = (folder / "said").read_text().splitlines()
        self.counts = json.loads(lines[-1])["counts"] if lines else {}


def most_a_second(moments):
    """The most of these moments (ms, in order) that lie within any second."""
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1000:
            first += 1
        most = max(most, last - first + 1)
    return most


def rates(books):
    """For each endpoint of the API: how many requests, the most within a second, and how many were answered 429."""
    found = {}
    for name in ("create", "query", "list", "policy"):
        requests = [request for request in books["requests"] if request["endpoint"] == name]
        moments = sorted(request["at_ms"] for request in requests)
        found[name] = (len(moments), most_a_second(moments), sum(request["status"] == 429 for request in requests))
    return found


def lateness(books):
    """How long after its task's end each job heard of it: the first query then. In ms, sorted; None: it never did."""
    asked = {}
    for request in books["requests"]:
        if request["endpoint"] == "query" and request["status"] == 200:
            asked.setdefault(request["target"].rsplit("/", 1)[1], []).append(request["at_ms"])
    found = [min((at - task["ended_ms"] for at in asked.get(task["task_id"], []) if at >= task["ended_ms"]), default=None)
             for task in books["tasks"]]
    return sorted(found, key=lambda late: (late is None, late))


def measure(folder, jobs, *args, sandbox=()):
    """Runs that many jobs to their end. Returns the run and the emulator's books."""
    manifest(folder, jobs)
    with Emulator("--rate-limits", "on", "--keep", "100000", *sandbox) as service:
        return Run(folder, service, *args), service.books()


def show(run, books):
    late = lateness(books)
    known = [each for each in late if each is not None]
    print(f"jobs        {run.counts}, exit code {run.code}, {run.seconds:.1f} s")
    print(f"memory      {run.kb / 1024:.1f} MB at most")
    for name, (count, most, refused) in rates(books).items():
        print(f"{name:<11} {count} requests, {most} within a second at most, {refused} refused")
    print(f"late        {known[len(known) // 2]} ms in the middle, {known[len(known) * 99 // 100]} ms of 99 %, "
          f"{known[-1]} ms at most, {len(late) - len(known)} never" if known else "late        unknown")


def planned(folder):
    """How many jobs stand in the store."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as store:
            return store.execute("SELECT count(*) FROM jobs").fetchone()[0]
    except sqlite3.Error:  # not there yet
        return 0


def plan(folder, jobs, *args):
    """Queues all jobs while the first are under way, stops, and does so again."""
    manifest(folder, jobs)
    with Emulator("--keep", "0", "--running", "24h") as service:
        for name in ("first", "again"):
            made = len(service.tasks)
            began, seen = time.monotonic(), {}

            def until():
                if planned(folder) == jobs:
                    seen.setdefault("planned", time.monotonic() - began)
                return "planned" in seen and len(service.tasks) > made

            run = Run(folder, service, *args, until=until)
            print(f"{name:<8} {seen.get('planned', 0):.1f} s until all were planned, {run.seconds - run.stopping:.1f} s until "
                  f"a further task, {run.stopping:.1f} s to stop, {run.kb / 1024:.1f} MB at most, exit code {run.code}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--running", default="250ms")
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("--poll", help="a fixed poll interval; without it wanprep's own")
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--skip-preflight", action="store_true")
    options = parser.parse_args()
    args = [*(["--poll-interval", options.poll] if options.poll else []),
            *(["--skip-preflight"] if options.skip_preflight else [])]
    with tempfile.TemporaryDirectory(prefix="wanprep-jobs-") as folder:
        if options.plan:
            plan(pathlib.Path(folder), options.jobs, *args)
        else:
            show(*measure(pathlib.Path(folder), options.jobs, *args,
                          sandbox=("--running", options.running, "--parallel", options.parallel)))


if __name__ == "__main__":
    main()
