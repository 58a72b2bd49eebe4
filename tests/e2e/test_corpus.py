"""Odd and hostile files: what wanprep says of each is what the table of tests/corpus/ says, and who disagrees is known."""
import concurrent.futures
import fractions
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

import pytest

from conftest import WANPREP, validate

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "corpus"))
import disagreements  # noqa: E402
import make  # noqa: E402

FOLDER = pathlib.Path(os.environ["WANPREP_CORPUS"])
SANITIZED = os.environ.get("WANPREP_SANITIZED") == "1"
ROWS = make.rows(FOLDER)
BY_NAME = {row.name: row for row in ROWS}
HOSTILE_CPU_S = 5
HOSTILE_RSS = 160 << 20


class Answer:
    """What check said of one file, and what it cost."""

    def __init__(self, row):
        path = FOLDER / "files" / row.name
        env = {name: os.environ[name] for name in os.environ if name == "PATH" or name.endswith("_OPTIONS")}
        process = subprocess.Popen([WANPREP, "check", "--json", f"--{row.medium}", path], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        self.out, self.err = process.communicate(timeout=300)
        self.code = process.returncode


@pytest.fixture(scope="module")
def answers():
    """Of all files, asked for side by side."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(BY_NAME, pool.map(Answer, ROWS)))


@pytest.fixture(scope="module")
def documents(answers):
    return {name: json.loads(answer.out) for name, answer in answers.items() if answer.out}


def alike(ours, theirs):
    """Numbers to a microsecond, everything else exactly."""
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (ours, theirs))
    return abs(ours - theirs) <= 2e-6 * max(1, abs(ours)) if numbers else ours == theirs


def differences(row, answer, document):
    facts = document[row.medium]["facts"]
    for fact, wanted in row.facts.items():
        if not alike(facts.get(fact), wanted):
            yield f"{fact} is {facts.get(fact)!r}, not {wanted!r}"
    for level, wanted in (("error", row.errors), ("warning", row.warnings), ("note", row.notes)):
        found = {finding["rule"] for finding in document["findings"] if finding["level"] == level}
        if found != wanted:
            yield f"{level}s are {sorted(found)}, not {sorted(wanted)}"
    if answer.code != row.code:
        yield f"exit code is {answer.code}, not {row.code}"
    if document["verdict"] != ("reject" if row.errors else "accept"):
        yield f"verdict is {document['verdict']}"


def test_the_corpus_is_large_and_its_names_are_its_own():
    assert len(BY_NAME) == len(ROWS) >= 300
    for row in ROWS:
        assert (FOLDER / "files" / row.name).is_file(), row.name


def test_every_fact_finding_and_exit_code_is_right(answers, documents):
    wrong = []
    for row in ROWS:
        answer = answers[row.name]
        if row.name not in documents:
            wrong.append(f"{row.name}: no document, exit code {answer.code}: {answer.err.decode(errors='replace')[-500:]}")
            continue
        wrong += [f"{row.name}: {difference}" for difference in differences(row, answer, documents[row.name])]
    assert not wrong, "\n".join(wrong)


def test_every_document_is_by_the_schema_and_nothing_is_on_stderr(answers, documents):
    for name, answer in answers.items():
        assert not answer.err, (name, answer.err)
    for document in documents.values():
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


def test_every_disagreement_with_ffprobe_is_known(documents):
    wrong = []
    for row in ROWS:
        if row.medium != "video" or row.hostile:
            continue
        ours = documents[row.name]["video"]["facts"]
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


def bounded_cost(row):
    """Seconds of CPU and peak bytes of one check, its children included."""
    env = {name: os.environ[name] for name in os.environ if name == "PATH" or name.endswith("_OPTIONS")}
    begin = time.monotonic()
    pid = os.posix_spawn(WANPREP, [str(WANPREP), "check", "--json", f"--{row.medium}", str(FOLDER / "files" / row.name)], env,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10, time.monotonic() - begin


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.hostile])
def test_a_hostile_file_is_refused_within_bounds(documents, name):
    row = BY_NAME[name]
    code, cpu, rss, _ = bounded_cost(row)
    assert code in (1, 3) and documents[name]["findings"]
    assert cpu < HOSTILE_CPU_S
    assert SANITIZED or rss < HOSTILE_RSS
