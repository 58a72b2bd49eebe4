#!/usr/bin/env python3
"""Counts the instructions of wanprep's main paths and compares them with the record beside this file.

    tests/instructions/count.py build/bundled/src/wanprep            # fails if one has grown by more than 5 %
    tests/instructions/count.py build/bundled/src/wanprep --write    # makes the record anew, on purpose

Counted is by callgrind, in the bundled release build: its FFmpeg is always the same one. The inputs are read in the process
itself, since a child without rights cannot be watched.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))

import media  # noqa: E402

FIXTURES = HERE.parents[1] / "fixtures"
RECORD = HERE / "record.txt"
IMAGE, VIDEO = FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4"
MOST = 1.05
CHECK = ("check", "--json", "--content", "off", "--no-sandbox", "--workers", "1")


def paths(folder):
    table = media.pairs(folder, IMAGE, VIDEO, 100)
    return {
        "version": ("version",),
        "help": ("--help",),
        "explain": ("explain", "image.format"),
        "image-header": (*CHECK, "--depth", "header", "--image", IMAGE),
        "image-frame": (*CHECK, "--depth", "frame", "--image", IMAGE),
        "pair-header": (*CHECK, "--depth", "header", IMAGE, VIDEO),
        "pair-frame": (*CHECK, "--depth", "frame", IMAGE, VIDEO),
        "pair-full": (*CHECK, "--depth", "full", IMAGE, VIDEO),
        "100-pairs-header": (*CHECK, "--depth", "header", "--manifest", table),
    }


def count(program, words, folder):
    out = folder / "callgrind.out"
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, *words], cwd=folder,
                          capture_output=True, text=True, check=False, env={"LC_ALL": "C", "HOME": str(folder)})
    if done.returncode not in (0, 1):
        sys.exit(f"exit code {done.returncode} of {' '.join(map(str, words))}: {done.stderr[-2000:]}")
    return int(re.search(r"^totals: (\d+)", out.read_text(), re.M).group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="make the record anew")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wanprep-count-") as name:
        folder = pathlib.Path(name)
        found = {path: count(options.program.resolve(), words, folder) for path, words in paths(folder).items()}
    if options.write:
        RECORD.write_text("".join(f"{path} {number}\n" for path, number in found.items()))
    record = {path: int(number) for path, number in (line.split() for line in RECORD.read_text().splitlines())}
    for path, number in found.items():
        print(f"{path:<18} {number:>12,}  {number / record[path]:.3f} of the record")
    grown = [path for path, number in found.items() if number > MOST * record[path]]
    if set(found) != set(record) or grown:
        sys.exit(f"more than 5 % over the record: {', '.join(grown) or 'none, but it names other paths'}; if that is on purpose "
                 "make it anew with --write")


if __name__ == "__main__":
    main()
