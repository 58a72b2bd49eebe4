"""`wanprep explain` and `wanprep limits`: the catalogue for people and for programs."""
import re

import pytest

from conftest import DOCS, validate

RULES = re.findall(r"^## `([a-z.-]+)`$", (DOCS / "rules.md").read_text(), re.M)


def explain(wanprep, *args):
    document = wanprep.json("explain", "--json", *args)
    validate(document, "explain.schema.json")
    return document


def test_the_list_has_every_rule_with_level_and_title(wanprep):
    document = explain(wanprep)
    assert [rule["rule"] for rule in document["rules"]] == RULES
    lines = wanprep("explain").stdout.splitlines()
    for rule in document["rules"]:
        assert any(line.split()[:2] == [rule["rule"], rule["level"]] and rule["title"] in line for line in lines)


def test_every_rule_is_explained(wanprep):
    by_id = {rule["rule"]: rule for rule in explain(wanprep)["rules"]}
    limits = wanprep.json("limits", "--json")
    for name, rule in by_id.items():
        done = wanprep("explain", name)
        flat = " ".join(done.stdout.split())
        assert (done.returncode, done.stderr) == (0, "")
        for part in ("title", "why", "limit", "limit_source", "predicts", "fix"):
            assert " ".join(rule.get(part, "").split()) in flat, (name, part)
        assert rule["level"] in flat
        # Only what the service publishes is ascribed to it.
        published = rule["limit_source"] == by_id["video.duration"]["limit_source"]
        assert (limits["updated"] in flat) == (limits["source"] in flat) == published, name
        assert not published or not name.startswith("pair.")
        assert (f"--ignore {name}" in flat) == (not rule["fixed"])
        if rule.get("fix"):
            assert rule["fix"] in done.stdout  # on one line, to be pasted


def test_a_rule_alone(wanprep):
    assert [rule["rule"] for rule in explain(wanprep, "video.hdr")["rules"]] == ["video.hdr"]


@pytest.mark.parametrize("code, rules", [
    ("InvalidFile.Duration", {"video.duration", "video.duration-edge", "video.duration-mismatch"}),
    ("InvalidVideo.Resolution", {"video.resolution"}),
    ("InvalidImage.Resolution", {"image.resolution"}),
    ("Arrearage", set()),
])
def test_from_a_code_to_the_rules(wanprep, code, rules):
    document = explain(wanprep, "--code", code)
    assert document["code"]["code"] == code and document["code"]["advice"]
    assert rules == {rule["rule"] for rule in document["rules"]}
    text = " ".join(wanprep("explain", "--code", code).stdout.split())
    for part in (code, document["code"]["meaning"], document["code"]["advice"], *rules):
        assert part in text


def test_a_code_that_only_begins_like_a_known_one_says_so(wanprep):
    done = wanprep("explain", "--code", "InvalidFile.Duratio")
    assert done.returncode == 0 and "InvalidFile.Duration?" in done.stdout and "is not listed by itself" in done.stdout


@pytest.mark.parametrize("args, names", [
    (["video.duratoin"], ["video.duratoin", "did you mean video.duration"]),
    (["hdr"], ["hdr", "did you mean video.hdr"]),
    (["nothing-like-it"], ["nothing-like-it"]),
    (["--code", "Nonsense"], ["Nonsense"]),
    (["--code", "Arrearge"], ["Arrearge", "did you mean Arrearage"]),
    (["--code", "Arrearage", "video.hdr"], ["--code"]),
    (["video.hdr", "video.codec"], ["too many"]),
])
def test_usage_errors(wanprep, args, names):
    for form in ([], ["--json"]):
        done = wanprep("explain", *form, *args)
        assert (done.returncode, done.stdout) == (2, "")
        for name in names:
            assert name in done.stderr


def test_limits_are_dated_and_sourced(wanprep):
    document = wanprep.json("limits", "--json")
    validate(document, "profile.schema.json")
    text = " ".join(wanprep("limits").stdout.split())
    for part in (document["profile"], document["updated"], document["source"]):
        assert part in text
    numbers = [document[medium][name] for medium in ("image", "video")
               for name in ("min_side", "max_side", "max_bytes", "unsure_bytes")]
    numbers += [document["video"]["max_duration"], document["video"]["max_frame_rate"]]
    for number in numbers:
        assert re.search(rf"\b{number}\b", text), number
    assert len(document["prices"]) == 4
    for price in document["prices"]:
        assert f'{price["region"]} {price["mode"]} {price["per_second"]:.3f} {price["currency"]}' in text
