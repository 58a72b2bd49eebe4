"""Makes the corpus: python3 make.py FOLDER. Does nothing if it is there and the programs that make it are the same."""
import concurrent.futures
import fcntl
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

import avis
import bases
import movies
import pictures
import tracks

MODULES = [movies, pictures, tracks, avis]
HERE = pathlib.Path(__file__).resolve().parent
FFPROBE = ["ffprobe", "-v", "error", "-print_format", "json", "-show_streams", "-show_format"]


def rows(folder):
    """The table. Nothing of it is made before its row's make is called."""
    made = bases.Bases(pathlib.Path(folder) / "bases")
    return [row for module in MODULES for family in module.FAMILIES for row in family(made)]


def stamp():
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(subprocess.run(["ffprobe", "-version"], stdout=subprocess.PIPE, check=True).stdout)
    return digest.hexdigest()


def write(row, folder):
    path = folder / "files" / row.name
    path.parent.mkdir(parents=True, exist_ok=True)
    made = row.make()
    data, length = made if isinstance(made, tuple) else (made, len(made))
    path.write_bytes(data)
    if length > len(data):
        os.truncate(path, length)
    if row.medium == "video" and not row.hostile:
        done = subprocess.run([*FFPROBE, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        target = folder / "ffprobe" / (row.name + ".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(done.stdout or b"{}")


def make(folder):
    jobs = os.cpu_count() or 2
    bases.Bases(folder / "bases").make(jobs)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for job in [pool.submit(write, row, folder) for row in rows(folder)]:
            job.result()


def main(folder):
    folder = pathlib.Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = folder / "stamp"
        if mark.exists() and mark.read_text() == stamp():
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder)
        mark.write_text(stamp())


if __name__ == "__main__":
    main(sys.argv[1])
