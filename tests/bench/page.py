"""What the benchmark writes: tables, pictures, the goals, and the page that they stand on."""
import os
import pathlib
import platform
import subprocess
import time

import plot


class Page:
    """Lines of Markdown and pictures, in a folder of documents."""

    def __init__(self, docs):
        self.docs, self.lines, self.goals = docs, [], []
        (docs / "benchmarks").mkdir(parents=True, exist_ok=True)

    def say(self, *lines):
        for line in lines:
            print(line, flush=True)
        self.lines += lines

    def table(self, head, rows):
        self.say("", "| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1))
        self.say(*("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows), "")

    def picture(self, name, title, x_name, y_name, lines):
        (self.docs / "benchmarks" / f"{name}.svg").write_text(plot.svg(title, x_name, y_name, lines), encoding="utf-8")
        self.say("", f"![{title}](benchmarks/{name}.svg)", "")

    def goal(self, work, wanted, reached, ok):
        self.goals.append((work, wanted, reached, "yes" if ok else "**no**"))

    def write(self, seconds):
        """seconds: how long all of it was measured."""
        goals = ["| work | goal | reached | |", "|---|---|---|---|", *("| " + " | ".join(goal) + " |" for goal in self.goals)]
        text = "\n".join([
            "# Benchmarks", "",
            "Made by `tests/bench/run.py`, which measures the two builds ([building.md](building.md)) beside other programs on the same files,",
            "all commands of a table in turn, and takes medians. Spread is the middle half of the times, as a part of the median. Milliseconds",
            "are those of the machine; the ratios hold better, and page faults, those of all processes of a command, hardly differ from run to run.",
            "Files are in the page cache, every process is started anew, and wanprep reads the files in children without rights, as always,",
            "where nothing else is said. Memory is that of the largest process.", "",
            f"This run: {time.strftime('%Y-%m-%d')}, {machine()}; {seconds / 60:.1f} minutes.", "",
            "## Goals", "", *goals, "", *self.lines])
        while "\n\n\n" in text:
            text = text.replace("\n\n\n", "\n\n")
        (self.docs / "benchmarks.md").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        print("\n".join(goals))


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine():
    model = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    system = [line.split("=", 1)[1].strip('"') for line in pathlib.Path("/etc/os-release").read_text().splitlines() if line.startswith("PRETTY_NAME=")]
    info = subprocess.run(["mediainfo", "--Version"], capture_output=True, text=True, check=False).stdout.split()[-1]
    return (f"{os.cpu_count()} cores ({model[0] if model else platform.machine()}), {system[0]}, Linux {platform.release()}, "
            f"{first_line('ffprobe', '-version').split(' Copyright')[0]}, mediainfo {info}")
