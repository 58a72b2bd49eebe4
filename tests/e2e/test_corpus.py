"""Odd and hostile files: what wanprep says of each is what the table of tests/corpus/ says, and who disagrees is known."""
import fractions
import json
import os
import pathlib
import subprocess
import sys

import pytest

from conftest import command, validate

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "corpus"))
import disagreements  # noqa: E402
import make  # noqa: E402

FOLDER = pathlib.Path(os.environ["WANPREP_CORPUS"])
SANITIZED = os.environ.get("WANPREP_SANITIZED") == "1"
ROWS = make.rows(FOLDER)
BY_NAME = {row.name: row for row in ROWS}
HOSTILE_CPU_S = 60 if SANITIZED else 15  # a bound against endless work on any machine, no measure of speed
HOSTILE_RSS = 160 << 20
ENV = {name: os.environ[name] for name in os.environ if name == "PATH" or name.endswith("_OPTIONS")}


def path_of(row):
    return str(FOLDER / "files" / row.name)


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The documents of all files that are not hostile, from one run; hostile ones are checked one by one."""
    rows = [row for row in ROWS if not row.hostile]
    manifest = tmp_path_factory.mktemp("corpus") / "manifest.jsonl"
    manifest.write_text("".join(json.dumps({row.medium: path_of(row)}) + "\n" for row in rows))
    done = subprocess.run(command("check", "--format", "jsonl", "--manifest", manifest), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    documents = dict(zip((row.name for row in rows), map(json.loads, done.stdout.splitlines()), strict=True))
    for name, document in documents.items():
        assert document[BY_NAME[name].medium]["source"].endswith(name)
    return documents


def alike(ours, theirs):
    """Numbers to a microsecond, everything else exactly."""
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (ours, theirs))
    return abs(ours - theirs) <= 2e-6 * max(1, abs(ours)) if numbers else ours == theirs


def differences(row, document):
    facts = document[row.medium]["facts"]
    for fact, wanted in row.facts.items():
        if not alike(facts.get(fact), wanted):
            yield f"{fact} is {facts.get(fact)!r}, not {wanted!r}"
    for level, wanted in (("error", row.errors), ("warning", row.warnings), ("note", row.notes)):
        found = {finding["rule"] for finding in document["findings"] if finding["level"] == level}
        if found != wanted:
            yield f"{level}s are {sorted(found)}, not {sorted(wanted)}"
    if document["verdict"] != ("reject" if row.errors else "accept"):
        yield f"verdict is {document['verdict']}"


def test_the_corpus_is_large_and_its_names_are_its_own():
    assert len(BY_NAME) == len(ROWS) >= 300
    for row in ROWS:
        assert (FOLDER / "files" / row.name).is_file(), row.name


def test_every_fact_and_every_finding_is_right(together):
    wrong = [f"{name}: {difference}" for name, document in together.items()
             for difference in differences(BY_NAME[name], document)]
    assert not wrong, "\n".join(wrong)


def test_every_document_is_by_the_schema(together):
    for document in list(together.values())[::10]:
        validate(document, "check.schema.json")


def ffprobe_facts(name):
    """What ffprobe says of the stream that a player shows; {} if it cannot read the file."""
    said = json.loads((FOLDER / "ffprobe" / f"{name}.json").read_text())
    streams = [stream for stream in said.get("streams", []) if stream["codec_type"] == "video" and
               not stream["disposition"]["attached_pic"] and not stream["disposition"].get("timed_thumbnails")]
    if not streams:
        return {}
    stream = max(streams, key=lambda one: one["disposition"]["default"])
    rotation = [data["rotation"] for data in stream.get("side_data_list", []) if "rotation" in data]
    rate = stream["avg_frame_rate"]
    facts = {
        "codec": stream.get("codec_name"), "pixel_format": stream.get("pix_fmt"), "coded_width": stream.get("width"),
        "coded_height": stream.get("height"), "rotation": -rotation[0] % 360 if rotation else 0,
        "sample_aspect_ratio": stream.get("sample_aspect_ratio"),
        "duration": float(stream["duration"]) if "duration" in stream else None,
        "start_time": float(stream["start_time"]) if "start_time" in stream else None,
        "frame_rate": None if rate == "0/0" else float(fractions.Fraction(rate)),
        "frame_count": int(stream["nb_frames"]) if "nb_frames" in stream else None,
    }
    return {fact: value for fact, value in facts.items() if value is not None}


def test_every_disagreement_with_ffprobe_is_known(together):
    wrong = []
    for row in ROWS:
        if row.medium != "video" or row.hostile:
            continue
        ours = together[row.name]["video"]["facts"]
        known = disagreements.TABLE.get(row.name, {})
        for fact, theirs in ffprobe_facts(row.name).items():
            silent = ours.get(fact) is None and not theirs  # neither knows
            agreed = silent or alike(ours.get(fact), theirs)
            if not agreed and (fact not in known or not alike(known[fact][0], theirs)):
                wrong.append(f"{row.name}: {fact} is {ours.get(fact)!r} to wanprep and {theirs!r} to ffprobe")
            if agreed and fact in known:
                wrong.append(f"{row.name}: {fact} is agreed upon now")
    assert not wrong, "\n".join(wrong)


def test_a_known_disagreement_says_who_is_right_and_why():
    for name, facts in disagreements.TABLE.items():
        assert name in BY_NAME and BY_NAME[name].medium == "video"
        for _, who, why in facts.values():
            assert who in (disagreements.OURS, disagreements.THEIRS, disagreements.NEITHER) and why


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.hostile])
def test_a_hostile_file_is_refused_within_bounds(tmp_path, name):
    row = BY_NAME[name]
    with open(tmp_path / "out", "w+b") as out, open(tmp_path / "err", "w+b") as err:
        process = subprocess.Popen(command("check", "--json", f"--{row.medium}", path_of(row)), stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err, env=ENV)
        _, status, usage = os.wait4(process.pid, 0)  # with what its children cost
        process.returncode = os.waitstatus_to_exitcode(status)
        assert (process.returncode, (tmp_path / "err").read_text()) == (1, "")
    assert row.errors and not list(differences(row, json.loads((tmp_path / "out").read_text())))
    assert usage.ru_utime + usage.ru_stime < HOSTILE_CPU_S
    assert SANITIZED or usage.ru_maxrss << 10 < HOSTILE_RSS
