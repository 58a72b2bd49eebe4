"""Makes the corpus: python3 make.py FOLDER. What is there already and would be the same is not made again."""
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
import hostile
import images
import limits
import movies
import pictures
import surgery
import tracks

MODULES = [movies, pictures, tracks, avis, images, limits, hostile, surgery]
HERE = pathlib.Path(__file__).resolve().parent
FFPROBE = ["ffprobe", "-v", "error", "-print_format", "json", "-show_streams", "-show_format"]
ASK = HERE / "ask.c"


def rows(folder):
    """The table. Nothing of it is made before its row's make is called."""
    made = bases.Bases(pathlib.Path(folder) / "bases")
    return [row for module in MODULES for family in module.FAMILIES for row in family(made)]


def stamp(names):
    """Of these modules, and of the programs that they call."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update((HERE / name).read_bytes())
    digest.update(subprocess.run(["ffprobe", "-version"], stdout=subprocess.PIPE, check=True).stdout)
    return digest.hexdigest()


def is_same(path, data, length):
    if not path.exists() or path.stat().st_size != length:
        return False
    with open(path, "rb") as file:
        return file.read(len(data)) == data


def write(row, folder):
    """Makes a file; returns what ffprobe is to be asked, a line for ask.c, if anything."""
    path = folder / "files" / row.name
    said = folder / "ffprobe" / (row.name + ".json")
    made = row.make()
    data, length = made if isinstance(made, tuple) else (made, len(made))
    compared = row.medium == "video" and not row.hostile
    if is_same(path, data, length) and said.exists() == compared:
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.truncate(path, length)  # the rest is a hole
    if not compared:
        return None
    said.parent.mkdir(parents=True, exist_ok=True)
    said.write_text("{}")
    return f"{path}\t{said}\n"


def ask(lines, library):
    """Has ffprobe loaded once for all of these."""
    subprocess.run(FFPROBE, input="".join(lines), env={**os.environ, "LD_PRELOAD": str(library)}, text=True, check=True)


def make(folder):
    jobs = os.cpu_count() or 2
    table = rows(folder)
    library = folder / "ask.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, ASK], check=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        lines = list(filter(None, pool.map(lambda row: write(row, folder), table)))
        for job in [pool.submit(ask, lines[part::jobs], library) for part in range(jobs)]:
            job.result()
    known = {folder / "files" / row.name for row in table}
    for path in (folder / "files").rglob("*"):
        if path.is_file() and path not in known:
            path.unlink()


def main(folder):
    folder = pathlib.Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        encoded, made = folder / "bases.stamp", folder / "stamp"
        if not encoded.exists() or encoded.read_text() != stamp(["bases.py"]):
            shutil.rmtree(folder, ignore_errors=True)
            bases.Bases(folder / "bases").make(os.cpu_count() or 2)
            encoded.write_text(stamp(["bases.py"]))
        everything = stamp([ASK.name, *(path.name for path in HERE.glob("*.py"))])
        if not made.exists() or made.read_text() != everything:
            make(folder)
            made.write_text(everything)


if __name__ == "__main__":
    main(sys.argv[1])
