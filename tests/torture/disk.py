#!/usr/bin/env python3
"""A disk that fails: `run` with the Nth call that reaches the disk going wrong, then again on a disk that works.

    disk.py --bin build/release/src [--all] [--actions eio,enospc,full,short,lose] [--parallel N]

One case is one folder, one wanprep-sandbox, one pair and one failing call (io_shim.c): eio and enospc fail one call,
full fails all from it on, short writes half, lose is a loss of power. The first run must tell the truth: 0 only if the
video is whole and the record says done, and then only if the call was on a file that nobody needs; else 70 and one
sentence. The second run must end well with one task in the service's books. Without --all an even sample is taken."""
import argparse
import collections
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import kill
from kill import FIXTURES, ROOT, Sqlite, run_quietly

ACTIONS = {"eio": "eio:{}", "enospc": "enospc:{}", "full": "enospc:{}+", "short": "short:{}", "lose": "lose:{}"}
SAMPLE = 4  # calls of each action
# The calls that a run does without, as "call path after call path" (the call before it); paths as shorten() makes them.
SPARE = (
    r"\w+ runtime/wanprep/limits-1-ID after .*",  # then this process keeps to the limits alone, with a warning
    r"\w+ tasks/ID\.log\.jsonl after .*", r"fsync tasks after rename tasks/ID\.log\.jsonl",  # the log, with a warning
    # SQLite's own: a folder's sync, which it never looks at, and the checkpoint: all is in the WAL, which then stays.
    r"fdatasync \. after fdatasync wanprep\.db-(journal|wal)",
    r"fdatasync wanprep\.db-wal after fdatasync wanprep\.db-wal",
    r"\w+ wanprep\.db after (fdatasync wanprep\.db-wal|(pwrite64|ftruncate64) wanprep\.db)",
)


def shorten(text, folder):
    """Paths below the folder, with ID for what differs from run to run."""
    text = re.sub(rf"{folder}/({ROOT}(/|(?= |$)))?", lambda match: "." if match[1] and not match[2] else "", text,
                  flags=re.M)
    return re.sub(r"\b([0-9a-f]{64}|[0-9a-f-]{36}|[0-9a-f]{32})\b", "ID", text)


class Case:
    def __init__(self, plan, action, number):
        self.plan, self.action, self.number = plan, action, number
        self.calls = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="wanprep-disk-"))
        (self.folder / "runtime").mkdir(mode=0o700)
        from emulator import Emulator
        self.service = Emulator("--running", 20).__enter__()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C",
                    "XDG_RUNTIME_DIR": str(self.folder / "runtime"), **self.service.env}
        return self

    def __exit__(self, failure, *_):
        self.service.__exit__(failure, None, None)
        if not failure:
            shutil.rmtree(self.folder)

    def run(self, **shim):
        return subprocess.run([str(self.plan.bin / "wanprep"), "run", "--yes", "--skip-preflight", "--quiet",
                               "--poll-interval", "100ms", str(FIXTURES / "images" / "person.jpg"),
                               str(FIXTURES / "videos" / "dance.mp4")], cwd=self.folder, env={**self.env, **shim},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=kill.PATIENCE,
                              start_new_session=True, check=False)

    def run_on_bad_disk(self, text):
        told = self.folder / "told"
        done = self.run(LD_PRELOAD=str(self.plan.shim), IO_SHIM=text, IO_SHIM_FOLDER=str(self.folder) + "/",
                        IO_SHIM_COUNT=str(self.folder / "count"), IO_SHIM_TOLD=str(told))
        if told.exists():
            self.calls = shorten(told.read_text(), self.folder).splitlines()
        return done

    def is_whole(self):
        """The pair is done, in the books, in the store and on the disk."""
        books, rows = self.service.books(), Sqlite(self.folder).rows("state, task_id")
        tasks = [task["task_id"] for task in books["tasks"]]
        assert books["tasks_made"] == len(tasks) == 1, f"{books['tasks_made']} tasks"
        assert rows == [(kill.STATES.index("done"), tasks[0])], rows
        videos = sorted((self.folder / ROOT / "videos").iterdir())
        assert [video.name for video in videos] == [tasks[0] + ".mp4"], videos
        assert hashlib.sha256(videos[0].read_bytes()).hexdigest() == books["result_sha256"], "another video"

    def play(self):
        self.first = self.run_on_bad_disk(ACTIONS[self.action].format(self.number))
        code, said = self.first.returncode, self.first.stderr.strip()
        if self.action == "lose":
            assert code == (-signal.SIGKILL if self.calls else 0), (code, said)
        else:
            assert code in (0, 70), (code, said)
            assert code == 0 or len(said.splitlines()) == 1, said
        if code == 0:
            self.is_whole()
            needed = [call for call in self.calls if not any(re.fullmatch(spare, call) for spare in SPARE)]
            assert self.action == "short" or not needed, f"0 though it needs {needed}"
        second = self.run()
        assert second.returncode == 0, (second.returncode, second.stderr)
        self.is_whole()
        left = [path for path in self.folder.rglob("*") if ".part" in path.name]
        assert not left, left


def play(plan, action, number):
    case = Case(plan, action, number)
    with case:
        try:
            case.play()
        except BaseException as error:
            print(f"{action} {number} ({case.calls[:1]}): {error!r}; see {case.folder}", flush=True)
            raise
    return action, case.first.returncode, case.calls


def count(plan):
    with Case(plan, "none", 0) as case:
        done = case.run_on_bad_disk("none:0")
        assert done.returncode == 0, done.stderr
        return int((case.folder / "count").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--all", action="store_true", help="every call, not a sample")
    parser.add_argument("--actions", default=",".join(ACTIONS))
    parser.add_argument("--parallel", type=int, default=2)
    plan = parser.parse_args()
    plan.bin = plan.bin.resolve()
    os.environ["WANPREP_BIN"] = str(plan.bin)
    ends, spared, failed, began = collections.Counter(), collections.Counter(), [], time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        plan.shim = pathlib.Path(scratch) / "io_shim.so"
        run_quietly("cc", "-shared", "-fPIC", "-O1", "-o", plan.shim, kill.HERE / "io_shim.c")
        calls = count(plan)
        actions = plan.actions.split(",")
        step = 1 if plan.all else calls // SAMPLE
        # Each action's sample begins elsewhere, so that together they come closer to every call.
        cases = [(action, number) for i, action in enumerate(actions)
                 for number in range(1 + i * step // len(actions), calls + 1, step)]
        with concurrent.futures.ThreadPoolExecutor(plan.parallel) as pool:
            futures = {pool.submit(play, plan, *case): case for case in cases}
            for done in concurrent.futures.as_completed(futures):
                if done.exception():
                    failed.append(futures[done])
                    continue
                action, code, told = done.result()
                ends[action, code] += 1
                if code == 0 and action != "short":
                    spared.update(told)
    for (action, code), times in sorted(ends.items()):
        print(f"{action}: {times} ended with {code}")
    for call, times in sorted(spared.items()):
        print(f"done without: {call}: {times}")
    print(f"{calls} calls, {len(cases)} cases, {len(failed)} failed {sorted(failed)}, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
