#!/usr/bin/env python3
"""Measures wanprep beside ffprobe, mediainfo and curl, and writes docs/benchmarks.md.

    tests/bench/run.py                 # the builds in build/release and build/bundled; under ten minutes
    tests/bench/run.py --smoke DIR     # everything once, on little, into DIR: does the benchmark itself work?

Each table is measured in one run, its commands in turn; what counts are the ratios. Needs mediainfo beside what the tests
need. The media are made in build/bench and kept.
"""
import argparse
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import media  # noqa: E402
import plot  # noqa: E402
import race  # noqa: E402
from media_server import MediaServer  # noqa: E402

DEPTHS = ("header", "frame", "full")
PERSON, DANCE = ROOT / "fixtures" / "images" / "person.jpg", ROOT / "fixtures" / "videos" / "dance.mp4"
BARE = "int main(void) { return 0; }\n"
REMOTE_DELAY_S = 0.03
REMOTE_MB = 150
SIZES_MB, SMALL = (25, 50, 100, 200, 400), (11, 22)
LENGTHS_S = (2, 8, 32, 64)


class Bench:
    """What is measured, and the page that comes of it."""

    def __init__(self, builds, smoke, folder, docs):
        self.builds, self.smoke, self.folder, self.docs = builds, smoke, folder, docs
        self.lines, self.goals = [], []
        folder.mkdir(parents=True, exist_ok=True)
        (docs / "benchmarks").mkdir(parents=True, exist_ok=True)
        self.launcher = race.Launcher(folder)

    def rounds(self, wanted):
        return 1 if self.smoke else wanted

    def few(self, values):
        """All of them, or the first two for a smoke test."""
        return values[:2] if self.smoke else values

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

    def check(self, build, *args):
        return [self.builds[build] / "wanprep", "check", "--json", *args]


def ffprobe(path):
    return ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path]


def mediainfo(path):
    return ["mediainfo", "--Output=JSON", path]


def ms(cost):
    return f"{cost.ms:.1f}"


def times(cost, base):
    return f"{cost.ms / base.ms:.1f}x"


def measure_start(bench):
    """What a process costs that does next to nothing."""
    source, bare = bench.folder / "bare.c", bench.folder / "bare"
    source.write_text(BARE)
    subprocess.run(["cc", "-O2", "-o", bare, source], check=True)
    entries = {"a bare C program": [bare]}
    for build in bench.builds:
        program = bench.builds[build] / "wanprep"
        entries[f"{build}: --help"] = [program, "--help"]
        entries[f"{build}: version"] = [program, "version"]
        for depth in DEPTHS[:2]:
            entries[f"{build}: an image, {depth}"] = bench.check(build, "--image", PERSON, "--depth", depth)
    found = bench.launcher.race(entries, bench.rounds(25))
    base = found["a bare C program"]
    bench.say("## Starting", "", "The image is `fixtures/images/person.jpg`.")
    bench.table(("command", "ms", "to a bare C program"), [(name, ms(cost), times(cost, base)) for name, cost in found.items()])
    for name in ("--help", "an image, header"):
        cost = found[f"bundled: {name}"]
        bench.goal(f"{name}, bundled", "under 3x a bare C program", times(cost, base), cost.ms < 3 * base.ms)


def measure_pair(bench, image, video):
    """A pair, each program anew, against others that look at both files."""
    entries = {"ffprobe, both files": [ffprobe(image), ffprobe(video)], "mediainfo, both files": [mediainfo(image), mediainfo(video)]}
    for build in bench.builds:
        for depth in DEPTHS:
            entries[f"{build}, {depth}"] = bench.check(build, image, video, "--depth", depth)
        entries[f"{build}, frame, --no-sandbox"] = bench.check(build, image, video, "--no-sandbox")
    found = bench.launcher.race(entries, bench.rounds(15))
    probe, info = found["ffprobe, both files"], found["mediainfo, both files"]
    bench.say("## One pair, cold process", "",
              f"JPEG of 1 megapixel and MP4 with its index at the end, {video.stat().st_size / 1e6:.1f} MB, 720x1280, 5 s. Files are in the page cache.")
    bench.table(("command", "ms", "processor ms", "MB at most", "ffprobe takes", "mediainfo takes"),
                [(name, ms(cost), f"{cost.cpu_ms:.1f}", f"{cost.kb / 1024:.0f}", times(probe, cost), times(info, cost))
                 for name, cost in found.items()])
    header, frame = found["bundled, header"], found["bundled, frame"]
    bench.goal("cold check of a pair, header depth, bundled", "30x faster than ffprobe on both", times(probe, header),
               probe.ms >= 30 * header.ms)
    bench.goal("the same", "8x faster than mediainfo on both", times(info, header), info.ms >= 8 * header.ms)
    bench.goal("the same, frame depth", "3x faster than ffprobe on both", times(probe, frame), probe.ms >= 3 * frame.ms)
    distro = found["distro, frame"]
    bench.goal("the same, distro libraries", "faster than ffprobe on both", times(probe, distro), distro.ms < probe.ms)


def measure_files(bench, files, option):
    """Each file alone."""
    bench.say(f"## {'Images' if option == '--image' else 'Videos'}, one at a time, cold process", "",
              "Milliseconds; in brackets how many times as long ffprobe takes.")
    rows = []
    for name, path in files.items():
        entries = {"ffprobe": ffprobe(path), "mediainfo": mediainfo(path)}
        for build in bench.builds:
            for depth in DEPTHS:
                entries[f"{build}, {depth}"] = bench.check(build, option, path, "--depth", depth)
        found = bench.launcher.race(entries, bench.rounds(5))
        rows.append((name, f"{path.stat().st_size / 1e6:.1f}",
                     *(ms(cost) + ("" if entry in ("ffprobe", "mediainfo") else f" ({times(found['ffprobe'], cost)})")
                       for entry, cost in found.items())))
    bench.table(("file", "MB", *found), rows)


def measure_many(bench):
    """Many pairs in one process."""
    bench.say("## Many pairs in one process", "", "Copies of `person.jpg` and `dance.mp4` of `fixtures`, each under a name of "
              "its own; bundled build. Milliseconds of processor time for a pair.")
    rows, lines = [], {}
    for depth in DEPTHS[:2]:
        for workers in (1, 2):
            line = []
            for count in bench.few((10, 100, 1000)):
                table = media.pairs(bench.folder, PERSON, DANCE, count)
                cost = bench.launcher.race({"": bench.check("bundled", "--manifest", table, "--depth", depth, "--workers", str(workers))},
                                 bench.rounds(3))[""]
                line.append((count, cost.ms / 1000))
                rows.append((depth, workers, count, f"{cost.ms / 1000:.3f}", f"{cost.ms * workers / count:.3f}", f"{cost.kb / 1024:.0f}"))
                if count == 1000 and workers == 2:
                    most = 0.25 if depth == "header" else 5
                    bench.goal(f"1,000 pairs, {depth} depth", f"under {most} ms a pair and core", f"{cost.ms * workers / count:.3f} ms",
                               cost.ms * workers / count < most)
            lines[f"{depth}, {workers} worker{'s' * (workers > 1)}"] = line
    bench.table(("depth", "workers", "pairs", "s", "ms a pair and worker", "MB at most"), rows)
    bench.picture("pairs", "Time by the number of pairs", "pairs", "seconds", lines)


def measure_growth(bench):
    """Time by duration, memory by size."""
    bench.say("## Growth", "", "H.264 in MP4, 720x1280, 30 fps, bundled build: time by duration, and the memory of the largest process by size.")
    lines = {depth: [] for depth in DEPTHS}
    for seconds, path in media.lengths(bench.folder, bench.few(LENGTHS_S)).items():
        found = bench.launcher.race({depth: bench.check("bundled", "--video", path, "--depth", depth) for depth in DEPTHS}, bench.rounds(3))
        for depth, cost in found.items():
            lines[depth].append((seconds, cost.ms))
    bench.table(("depth", *(f"{seconds} s" for seconds, _ in lines["header"])),
                [(depth, *(f"{value:.1f} ms" for _, value in line)) for depth, line in lines.items()])
    bench.picture("duration", "Time by duration of the video", "seconds of video", "milliseconds", lines)
    lines = {depth: [] for depth in DEPTHS}
    most = 0
    for path in media.sizes(bench.folder, SMALL if bench.smoke else SIZES_MB).values():
        size = path.stat().st_size / 1e6
        depths = DEPTHS if size < 120 else DEPTHS[:2]  # decoding all of more would take the minutes of the rest
        for depth in depths:
            kb = bench.launcher.race({"": bench.check("bundled", "--video", path, "--depth", depth)}, 1)[""].kb
            lines[depth].append((size, kb / 1024))
            most = max(most, kb / 1024)
    bench.table(("depth", *(f"{size:.0f} MB" for size, _ in lines["header"])),
                [(depth, *(f"{value:.1f} MB" for _, value in line)) for depth, line in lines.items()])
    bench.picture("memory", "Memory by size of the video", "MB of video", "MB at most", lines)
    bench.goal("memory, any depth", "under 64 MB, flat in the file's size", f"{most:.0f} MB at most", most < 64)


def measure_remote(bench):
    """A large video behind a server that takes its time."""
    size = SMALL[0] if bench.smoke else REMOTE_MB
    path = media.sizes(bench.folder, (size,))[size]
    bench.say("## Remote", "", f"{path.stat().st_size / 1e6:.0f} MB of MP4 with the index at the end, from a server on this machine that waits "
              f"{REMOTE_DELAY_S * 1000:.0f} ms before each answer and keeps the books.")
    data, rows = path.read_bytes(), []
    with MediaServer() as server:
        programs = {
            "wanprep, header": lambda url: bench.check("bundled", "--allow-private", "--video", url, "--depth", "header"),
            "wanprep, frame": lambda url: bench.check("bundled", "--allow-private", "--video", url),
            "ffprobe": ffprobe,
            "mediainfo": mediainfo,
            "curl, all of it": lambda url: ["curl", "-s", "-o", os.devnull, url],
        }
        for number, (name, command) in enumerate(programs.items()):
            page = f"/{number}.mp4"
            url = server.put(page, data, delay=REMOTE_DELAY_S)
            cost = bench.launcher.run(command(url))
            requests, sent = len(server.requests(page)), server.sent(page)
            rows.append((name, f"{cost.ms / 1000:.3f}", requests, f"{sent:,}"))
            if name == "wanprep, header":
                bench.goal("remote 150 MB video, header depth", "at most 4 requests and 256 KB", f"{requests} requests, {sent / 1000:.0f} KB",
                           requests <= 4 and sent <= 262144)
    bench.table(("program", "s", "requests", "bytes sent"), rows)


def measure_jobs(bench):
    """Whole jobs against the emulator."""
    import jobs  # reads WANPREP_BIN
    bench.say("## Jobs", "", "`wanprep batch` against `wanprep-sandbox` with the service's rates (5 creates, 20 queries a second), tasks of 250 ms "
              "beside each other, a poll a second. Late: from the end of a task until its job has heard of it.")
    rows, line = [], []
    for count in (1, 3) if bench.smoke else (1, 10, 100, 1000):
        with tempfile.TemporaryDirectory(prefix="wanprep-bench-") as folder:
            run, books = jobs.measure(pathlib.Path(folder), count, "--poll-interval", "1s", "--skip-preflight",
                                      sandbox=("--running", "250ms", "--parallel", str(count)))
        late = [each for each in jobs.lateness(books) if each is not None]
        if run.code != 0 or len(late) != count:
            raise SystemExit(f"bench: {count} jobs: exit code {run.code}, {len(late)} done")
        rates = jobs.rates(books)
        rows.append((count, f"{run.seconds:.1f}", f"{late[len(late) // 2] / 1000:.2f}", f"{late[-1] / 1000:.2f}", rates["create"][1],
                     rates["query"][1], f"{run.kb / 1024:.0f}"))
        line.append((count, run.kb / 1024))
    bench.table(("jobs", "s", "late, middle, s", "late, at most, s", "creates in a second", "queries in a second", "MB at most"), rows)
    bench.picture("jobs", "Memory by the number of jobs", "jobs", "MB at most", {"wanprep batch": line})


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine():
    model = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    system = [line.split("=", 1)[1].strip('"') for line in pathlib.Path("/etc/os-release").read_text().splitlines() if line.startswith("PRETTY_NAME=")]
    info = subprocess.run(["mediainfo", "--Version"], capture_output=True, text=True, check=False).stdout.split()[-1]
    return (f"{os.cpu_count()} cores ({model[0] if model else platform.machine()}), {system[0]}, Linux {platform.release()}, "
            f"{first_line('ffprobe', '-version').split(' Copyright')[0]}, mediainfo {info}")


def write_page(bench, seconds):
    goals = ["| work | goal | reached | |", "|---|---|---|---|", *("| " + " | ".join(goal) + " |" for goal in bench.goals)]
    page = ["# Benchmarks", "",
            "Made by `tests/bench/run.py`, which measures the two builds ([building.md](building.md)) beside other programs on the same files,",
            "all commands of a table in turn, and takes medians. Milliseconds are those of the machine; the ratios hold better. Files are in",
            "the page cache, every process is started anew, and wanprep reads the files in children without rights, as always, where nothing",
            "else is said.", "", f"This run: {time.strftime('%Y-%m-%d')}, {machine()}; {seconds / 60:.1f} minutes.", "",
            "## Goals", "", *goals, "", *bench.lines]
    text = "\n".join(page)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    (bench.docs / "benchmarks.md").write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    print("\n".join(goals))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--distro", type=pathlib.Path, default=ROOT / "build" / "release" / "src", help="programs with the distribution's FFmpeg")
    parser.add_argument("--bundled", type=pathlib.Path, default=ROOT / "build" / "bundled" / "src", help="programs with the bundled FFmpeg")
    parser.add_argument("--smoke", type=pathlib.Path, metavar="DIR", help="everything once, on little, into this folder")
    options = parser.parse_args()
    os.environ["WANPREP_BIN"] = str(options.bundled.resolve())
    builds = {"distro": options.distro.resolve(), "bundled": options.bundled.resolve()}
    bench = Bench(builds, options.smoke is not None, (options.smoke or ROOT / "build") / "bench", options.smoke or ROOT / "docs")
    images, videos = media.images(bench.folder, bench.smoke), media.videos(bench.folder, bench.smoke)
    media.sizes(bench.folder, SMALL if bench.smoke else (REMOTE_MB, *SIZES_MB))
    media.lengths(bench.folder, LENGTHS_S[:2] if bench.smoke else LENGTHS_S)
    began = time.monotonic()
    measure_start(bench)
    measure_pair(bench, images["JPEG, 1 megapixel"], videos["MP4 H.264, index last"])
    measure_files(bench, videos, "--video")
    measure_files(bench, images, "--image")
    measure_many(bench)
    measure_growth(bench)
    measure_remote(bench)
    measure_jobs(bench)
    write_page(bench, time.monotonic() - began)


if __name__ == "__main__":
    main()
