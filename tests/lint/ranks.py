"""The rank lint: an #include "..." may only name a header of a lower rank or of the file's own room, each third-party
library is seen by one room, and every .c file of the project ends its includes with base/banned.h."""
import pathlib
import re
import sys

RANKS = {
    "base": 0,
    "model": 1, "json": 1, "net": 1, "media": 1, "jail": 1,
    "source": 2, "manifest": 2, "profile": 2, "rules": 2, "report": 2, "dashscope": 2, "store": 2,
    "probe": 3, "content": 3, "job": 3,
    "preflight": 4,
    "batch": 4,
    "cli": 9, "sandbox": 9, "late": 9,
}
# What a room may see beyond its rank.
NARROWED = {
    "rules": {"base", "model"},
    "job": set(RANKS) - {"probe", "content", "preflight", "batch", "cli", "sandbox", "media", "source", "rules", "report", "jail"},
    "content": {"base", "model"},
    "batch": {"base", "model", "net", "dashscope", "store", "job"},
    "cli": {"base"},
    "sandbox": {"base", "json"},
    "late": {"base"},
}
FENCES = {
    "json": r"cjson/|cJSON",
    "net": r"curl/",
    "media": r"libav|stb|jpeglib|jerror|png|webp/|zlib",
    "store": r"sqlite3|libpq",
    "sandbox": r"microhttpd",
    "base": r"nettle/",
    "jail": r"seccomp",
    "dashscope": r"ini\.h",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)


def check(path, src):
    room = path.relative_to(src).parts[0]
    text = path.read_text()
    names = [name for name in INCLUDE.findall(text) if not name[1].endswith((".def", ".inc"))]
    for kind, name in names:
        if kind == '"':
            target = name.split("/")[0]
            if target == "wanprep":
                continue
            if target not in RANKS or "/" not in name:
                yield f'{path}: "{name}" is in no room: write "room/header.h"'
            elif not (src / name).exists():
                yield f'{path}: "{name}" does not exist'
            elif target != room and not (RANKS[target] < RANKS[room] and target in NARROWED.get(room, RANKS)):
                yield f"{path}: {room} (rank {RANKS[room]}) must not include {target} (rank {RANKS[target]})"
        else:
            for owner, pattern in FENCES.items():
                if re.match(pattern, name) and room != owner:
                    yield f"{path}: <{name}> belongs to {owner}/ alone"
    if path.suffix == ".c" and (not names or names[-1][1] != "base/banned.h"):
        yield f"{path}: the last include must be base/banned.h"


def main():
    src = pathlib.Path(sys.argv[1]) / "src"
    files = sorted(src.glob("*/*.[ch]"))
    problems = [problem for path in files for problem in check(path, src)]
    print("\n".join(problems) or f"{len(files)} files, every include points down")
    return 1 if problems or not files else 0


sys.exit(main())
