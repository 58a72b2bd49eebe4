"""Commands that are run in turn, so that whatever else the machine does falls on all of them alike."""
import dataclasses
import os
import pathlib
import statistics
import subprocess

CODES = {0, 1}  # a rejected input is a result, too


@dataclasses.dataclass
class Cost:
    """What a run took, or the median of some. kb: the most memory that one of its processes had. spread: the middle half of
    the times, as a part of the median."""
    ms: float
    cpu_ms: float
    faults: int
    kb: int
    spread: float = 0


class Launcher:
    """launch.c, compiled into a folder."""

    def __init__(self, folder):
        self.program = folder / "launch"
        subprocess.run(["cc", "-O2", "-o", self.program, pathlib.Path(__file__).with_name("launch.c")], check=True)

    def run(self, command):
        words = [self.program, *(os.fspath(word) for word in command)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode not in CODES:
            raise SystemExit(f"bench: exit code {done.returncode} of {' '.join(map(str, words[1:]))}")
        ms, cpu_ms, faults, kb = done.stdout.split()
        return Cost(float(ms), float(cpu_ms), int(faults), int(kb))

    def race(self, entries, rounds):
        """entries: name -> a command, or a list of commands that are one entry. Gives the median of each."""
        found = {name: [] for name in entries}
        for number in range(rounds + 1):
            for name, entry in entries.items():
                commands = entry if isinstance(entry[0], list) else [entry]
                cost = add([self.run(command) for command in commands])
                if number > 0:  # the first round fills the page cache
                    found[name].append(cost)
        return {name: middle(costs) for name, costs in found.items()}


def add(costs):
    """Run one after the other, as one."""
    return Cost(sum(cost.ms for cost in costs), sum(cost.cpu_ms for cost in costs), sum(cost.faults for cost in costs),
                max(cost.kb for cost in costs))


def middle(costs):
    found = Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("ms", "cpu_ms", "faults", "kb")))
    if len(costs) > 1:
        low, _, high = statistics.quantiles((cost.ms for cost in costs), n=4, method="inclusive")
        found.spread = (high - low) / found.ms
    return found
