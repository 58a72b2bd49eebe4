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
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

import media  # noqa: E402
import page  # noqa: E402
import race  # noqa: E402
from media_server import MediaServer  # noqa: E402

DEPTHS = ("header", "frame", "full")
PERSON, DANCE = ROOT / "fixtures" / "images" / "person.jpg", ROOT / "fixtures" / "videos" / "dance.mp4"
FLOOR = {
    "a bare C program": "int main(void) { return 0; }\n",
    "the same, with a child": "#include <sys/wait.h>\n#include <unistd.h>\n"
                              "int main(void) { if (fork() == 0) _exit(0); return wait(NULL) < 0; }\n",
}
REMOTE_DELAY_S = 0.03
REMOTE_MB = 150
SIZES_MB, SMALL = (25, 50, 100, 200, 400), (11, 22)
LENGTHS_S = (2, 8, 32, 64)


class Bench:
    """What is measured with, and the page that it is told to."""

    def __init__(self, builds, smoke, folder, docs):
        self.builds, self.smoke, self.folder, self.page = builds, smoke, folder, page.Page(docs)
        folder.mkdir(parents=True, exist_ok=True)
        self.launcher = race.Launcher(folder)

    def race(self, entries, rounds):
        return self.launcher.race(entries, 1 if self.smoke else rounds)

    def few(self, values):
        """All of them, or the first two for a smoke test."""
        return values[:2] if self.smoke else values

    def check(self, build, *args):
        return [self.builds[build] / "wanprep", "check", "--json", "--content", "off", *args]

    def floor(self, name):
        """A program that does nothing else."""
        source = self.folder / (name.replace(" ", "-").replace(",", "") + ".c")
        source.write_text(FLOOR[name])
        subprocess.run(["cc", "-O2", "-o", source.with_suffix(""), source], check=True)
        return [source.with_suffix("")]


def ffprobe(path):
    return ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path]


def mediainfo(path):
    return ["mediainfo", "--Output=JSON", path]


def ms(cost):
    return f"{cost.ms:.1f}"


def mb(cost):
    return cost.kb / 1024


def times(cost, base):
    return f"{cost.ms / base.ms:.1f}x"


def spread(cost):
    return f"{cost.spread * 100:.0f} %"


def measure_start(bench):
    """What a process costs that does next to nothing."""
    entries = {name: bench.floor(name) for name in FLOOR}
    for build in bench.builds:
        program = bench.builds[build] / "wanprep"
        entries[f"{build}: --help"] = [program, "--help"]
        entries[f"{build}: version"] = [program, "version"]
        for depth in DEPTHS[:2]:
            entries[f"{build}: an image, {depth}"] = bench.check(build, "--image", PERSON, "--depth", depth)
    found = bench.race(entries, 25)
    base = found["a bare C program"]
    bench.page.say("## Starting", "", "The image is `fixtures/images/person.jpg`.")
    bench.page.table(("command", "ms", "spread", "page faults", "to a bare C program"),
                     [(name, ms(cost), spread(cost), f"{cost.faults:.0f}", times(cost, base)) for name, cost in found.items()])
    for name in ("--help", "an image, header"):
        cost = found[f"bundled: {name}"]
        bench.page.goal(f"{name}, bundled", "under 3x a bare C program", times(cost, base), cost.ms < 3 * base.ms)


def measure_pair(bench, image, video):
    """A pair, each program anew, against others that look at both files."""
    entries = {"ffprobe, both files": [ffprobe(image), ffprobe(video)], "mediainfo, both files": [mediainfo(image), mediainfo(video)]}
    for build in bench.builds:
        for depth in DEPTHS:
            entries[f"{build}, {depth}"] = bench.check(build, image, video, "--depth", depth)
        entries[f"{build}, frame, --no-sandbox"] = bench.check(build, image, video, "--no-sandbox")
    found = bench.race(entries, 15)
    probe, info = found["ffprobe, both files"], found["mediainfo, both files"]
    bench.page.say("## One pair, cold process", "",
                   f"JPEG of 1 megapixel and MP4 with its index at the end, {video.stat().st_size / 1e6:.1f} MB, 720x1280, 5 s.")
    bench.page.table(("command", "ms", "spread", "processor ms", "page faults", "MB at most", "ffprobe takes", "mediainfo takes"),
                     [(name, ms(cost), spread(cost), f"{cost.cpu_ms:.1f}", f"{cost.faults:.0f}", f"{mb(cost):.0f}", times(probe, cost),
                       times(info, cost)) for name, cost in found.items()])
    header, frame, distro = found["bundled, header"], found["bundled, frame"], found["distro, frame"]
    goal = bench.page.goal
    goal("cold check of a pair, header depth, bundled", "30x faster than ffprobe on both", times(probe, header), probe.ms >= 30 * header.ms)
    goal("the same", "8x faster than mediainfo on both", times(info, header), info.ms >= 8 * header.ms)
    goal("the same, frame depth", "3x faster than ffprobe on both", times(probe, frame), probe.ms >= 3 * frame.ms)
    goal("the same, distro libraries", "faster than ffprobe on both", times(probe, distro), distro.ms < probe.ms)


def measure_files(bench, files, option):
    """Each file alone. Returns the most MB that the bundled build took for each."""
    bench.page.say(f"## {'Images' if option == '--image' else 'Videos'}, one at a time, cold process", "",
                   "Milliseconds; in brackets how many times as long ffprobe takes. Memory is the most of the bundled build, at any depth.")
    rows, most = [], {}
    for name, path in files.items():
        entries = {"ffprobe": ffprobe(path), "mediainfo": mediainfo(path)}
        for build in bench.builds:
            for depth in DEPTHS:
                entries[f"{build}, {depth}"] = bench.check(build, option, path, "--depth", depth)
        found = bench.race(entries, 5)
        most[name] = max(mb(cost) for entry, cost in found.items() if entry.startswith("bundled"))
        rows.append((name, f"{path.stat().st_size / 1e6:.1f}",
                     *(ms(cost) + ("" if entry in ("ffprobe", "mediainfo") else f" ({times(found['ffprobe'], cost)})")
                       for entry, cost in found.items()), f"{most[name]:.0f}"))
    bench.page.table(("file", "MB", *found, "memory, MB"), rows)
    return most


def measure_faces(bench, people):
    """What looking for faces adds to a cold check, where the build can."""
    if not (bench.builds["bundled"] / "wanprep-content.so").exists():
        return
    bench.page.say("## Looking for faces, cold process", "", "`--content` off and warn, bundled build, depth frame.")
    rows = []
    for name, path in people.items():
        option = "--image" if name.startswith("still") else "--video"
        off = bench.check("bundled", option, path)
        found = bench.race({"off": off, "warn": ["warn" if word == "off" else word for word in off]}, 15)
        added = found["warn"].ms - found["off"].ms
        rows.append((name, f"{path.stat().st_size / 1e6:.1f}", *(ms(cost) for cost in found.values()), f"{added:.0f}",
                     f"{found['warn'].cpu_ms:.0f}", f"{mb(found['warn']):.0f}"))
        most = 80 if option == "--image" else 400
        bench.page.goal(f"looking for faces, {name}", f"at most {most} ms more", f"{added:.0f} ms", added <= most)
    bench.page.table(("medium", "MB", "off, ms", "warn, ms", "more, ms", "processor ms", "MB at most"), rows)


def measure_many(bench):
    """Many pairs in one process."""
    bench.page.say("## Many pairs in one process", "", "Copies of `person.jpg` and `dance.mp4` of `fixtures`, each under a name of "
                   "its own; bundled build. A pair and core: the time by the workers, for one pair.")
    rows, seconds, memory = [], {}, {}
    for depth in DEPTHS[:2]:
        for count in bench.few((10, 100, 1000)):
            table = media.pairs(bench.folder, PERSON, DANCE, count)
            found = bench.race({workers: bench.check("bundled", "--manifest", table, "--depth", depth, "--workers", str(workers))
                                for workers in (1, 2)}, 3)
            for workers, cost in found.items():
                name, each = f"{depth}, {workers} worker{'s' * (workers > 1)}", cost.ms * workers / count
                seconds.setdefault(name, []).append((count, cost.ms / 1000))
                memory.setdefault(name, []).append((count, mb(cost)))
                rows.append((depth, count, workers, f"{cost.ms / 1000:.3f}", spread(cost), f"{each:.3f}", f"{mb(cost):.0f}"))
                if count == 1000 and workers == 2:
                    most = 0.25 if depth == "header" else 5
                    bench.page.goal(f"1,000 pairs, {depth} depth, 2 workers", f"under {most} ms a pair and core", f"{each:.3f} ms", each < most)
    bench.page.table(("depth", "pairs", "workers", "s", "spread", "ms a pair and core", "MB at most"), rows)
    bench.page.picture("pairs", "Time by the number of pairs", "pairs", "seconds", seconds)
    bench.page.picture("pairs-memory", "Memory by the number of pairs", "pairs", "MB at most", memory)


def measure_lengths(bench):
    bench.page.say("## Growth", "", "H.264 in MP4, 720x1280, 30 fps, bundled build.")
    lines = {depth: [] for depth in DEPTHS}
    for seconds, path in media.lengths(bench.folder, bench.few(LENGTHS_S)).items():
        found = bench.race({depth: bench.check("bundled", "--video", path, "--depth", depth) for depth in DEPTHS}, 3)
        for depth, cost in found.items():
            lines[depth].append((seconds, cost.ms))
    bench.page.table(("depth", *(f"{seconds} s" for seconds, _ in lines["header"])),
                     [(depth, *(f"{value:.1f} ms" for _, value in line)) for depth, line in lines.items()])
    bench.page.picture("duration", "Time by duration of the video", "seconds of video", "milliseconds", lines)


def measure_sizes(bench, most):
    """most: the MB that a file took at the most, by its name, beyond a decoded picture."""
    memory, spent = {depth: [] for depth in DEPTHS}, {depth: [] for depth in DEPTHS}
    for path in media.sizes(bench.folder, SMALL if bench.smoke else SIZES_MB).values():
        size = path.stat().st_size / 1e6
        depths = DEPTHS if size < 120 else DEPTHS[:2]  # decoding all of more would take the minutes of the rest
        for depth, cost in bench.race({depth: bench.check("bundled", "--video", path, "--depth", depth) for depth in depths}, 1).items():
            memory[depth].append((size, mb(cost)))
            spent[depth].append((size, cost.ms))
    for lines, unit in ((memory, "MB"), (spent, "ms")):
        bench.page.table(("depth", *(f"{size:.0f} MB" for size, _ in lines["header"])),
                         [(depth, *(f"{value:.1f} {unit}" for _, value in line)) for depth, line in lines.items()])
    bench.page.picture("memory", "Memory by size of the video", "MB of video", "MB at most", memory)
    bench.page.picture("size", "Time by size of the video", "MB of video", "milliseconds", spent)
    most["a large video"] = max(value for line in memory.values() for _, value in line)
    name = max(most, key=most.get)
    bench.page.goal("memory, any depth", "under 64 MB beyond one decoded picture", f"{most[name]:.0f} MB ({name})", most[name] < 64)
    growth = max(line[-1][1] / line[0][1] for line in memory.values())
    bench.page.goal("the same", "flat in the file's size", f"{growth:.2f}x from the smallest to the largest", growth < 1.25)


def measure_remote(bench):
    """A large video behind a server that takes its time."""
    size = SMALL[0] if bench.smoke else REMOTE_MB
    path = media.sizes(bench.folder, (size,))[size]
    bench.page.say("## Remote", "", f"{path.stat().st_size / 1e6:.0f} MB of MP4 with the index at the end, from a server on this machine that "
                   f"waits {REMOTE_DELAY_S * 1000:.0f} ms before each answer and keeps the books; the wire has no limit.")
    data = path.read_bytes()
    programs = {
        "wanprep, header": lambda url: bench.check("bundled", "--allow-private", "--video", url, "--depth", "header"),
        "wanprep, frame": lambda url: bench.check("bundled", "--allow-private", "--video", url),
        "ffprobe": ffprobe,
        "mediainfo": mediainfo,
        "curl, all of it": lambda url: ["curl", "-s", "-o", os.devnull, url],
    }
    with MediaServer() as server:
        pages = {name: f"/{number}.mp4" for number, name in enumerate(programs)}
        found = bench.race({name: command(server.put(pages[name], data, delay=REMOTE_DELAY_S)) for name, command in programs.items()}, 3)
        runs = {name: len(server.requests(pages[name])) for name in programs}
        rounds = 2 if bench.smoke else 4  # with the one that is not counted
        asked = {name: (runs[name] / rounds, server.sent(pages[name]) / rounds) for name in programs}
    base = found["wanprep, header"]
    bench.page.table(("program", "s", "spread", "to wanprep, header", "requests", "bytes sent"),
                     [(name, f"{cost.ms / 1000:.3f}", spread(cost), times(cost, base), f"{asked[name][0]:g}", f"{asked[name][1]:,.0f}")
                      for name, cost in found.items()])
    requests, sent = asked["wanprep, header"]
    bench.page.goal("remote 150 MB video, header depth", "at most 4 requests and 256 KB", f"{requests:g} requests, {sent / 1000:.0f} KB",
                    requests <= 4 and sent <= 262144)


def measure_jobs(bench):
    """Whole jobs against the emulator."""
    import jobs  # reads WANPREP_BIN
    bench.page.say("## Jobs", "", "`wanprep batch` against `wanprep-sandbox` with the service's rates (5 creates, 20 queries a second), tasks of 250 ms "
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
    bench.page.table(("jobs", "s", "late, middle, s", "late, at most, s", "creates in a second", "queries in a second", "MB at most"), rows)
    bench.page.picture("jobs", "Memory by the number of jobs", "jobs", "MB at most", {"wanprep batch": line})


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
    most = measure_files(bench, videos, "--video")
    most.update((name, value - media.picture_mb(name)) for name, value in measure_files(bench, images, "--image").items())
    measure_faces(bench, media.people(bench.folder, PERSON))
    measure_many(bench)
    measure_lengths(bench)
    measure_sizes(bench, most)
    measure_remote(bench)
    measure_jobs(bench)
    bench.page.write(time.monotonic() - began)


if __name__ == "__main__":
    main()
