"""Limits profiles: what the schema allows is what --profile takes, and check, run and limits apply it."""
import copy
import json

import jsonschema
import pytest

from conftest import DOCS, FIXTURES, validate

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
SCHEMA = json.loads((DOCS / "profile.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
LEAST = {"schema": "wanprep.profile/1", "profile": "mine", "updated": "2026-01-02", "source": "a test"}


@pytest.fixture
def profile(tmp_path):
    def write(document):
        path = tmp_path / "profile.json"
        path.write_text(json.dumps(document))
        return path
    return write


def test_what_limits_prints_is_a_profile_that_changes_nothing(wanprep, profile):
    built_in = wanprep.json("limits", "--json")
    assert wanprep.json("limits", "--json", "--profile", profile(built_in)) == built_in
    assert wanprep.json("limits", "--json", "--profile", profile(LEAST)) == {**built_in, **LEAST}


def test_every_number_can_be_changed(wanprep, profile):
    changed = wanprep.json("limits", "--json")
    for medium in ("image", "video"):
        changed[medium]["formats"].pop()
        for name, value in changed[medium].items():
            if isinstance(value, int):
                changed[medium][name] = value + 1
    changed["prices"] = [{**price, "per_second": round(price["per_second"] + 0.001, 3)} for price in changed["prices"]]
    assert wanprep.json("limits", "--json", "--profile", profile(changed)) == changed


def test_check_applies_it(wanprep, profile):
    path = profile({**LEAST, "video": {"max_duration": 3, "min_duration": 1}, "prices": []})
    document = wanprep.json("check", "--json", IMAGE, VIDEO, "--profile", path)
    assert document["profile"] == "mine" and "cost" not in document
    assert "video.duration-edge" in [finding["rule"] for finding in document["findings"]]
    path = profile({**LEAST, "video": {"max_duration": 2}})
    document = wanprep.json("check", "--json", IMAGE, VIDEO, "--profile", path, code=1)
    validate(document, "check.schema.json")
    finding = next(finding for finding in document["findings"] if finding["rule"] == "video.duration")
    assert finding["limit"] == [2, 2]
    path = profile({**LEAST, "image": {"formats": ["PNG"]}})
    document = wanprep.json("check", "--json", IMAGE, VIDEO, "--profile", path, code=1)
    assert [finding["rule"] for finding in document["findings"] if finding["level"] == "error"] == ["image.format"]


def test_run_takes_its_prices(wanprep, profile):
    price = {"region": "cn", "mode": "wan-std", "currency": "EUR", "per_second": 2}
    path = profile({**LEAST, "video": {"max_duration": 20}, "prices": [price]})
    document = wanprep.json("run", "--dry-run", "--json", "--profile", path, IMAGE, VIDEO)
    validate(document, "run.schema.json")
    assert document["cost"] == {"currency": "EUR", "mode": "wan-std", "seconds": 3, "amount": 6, "at_most": False}
    document = wanprep.json("run", "--dry-run", "--json", "--skip-preflight", "--profile", path, IMAGE, VIDEO)
    assert document["cost"]["amount"] == 40


SPOILS = {
    "no schema": lambda d: d.pop("schema"),
    "other schema": lambda d: d.update(schema="wanprep.profile/2"),
    "no name": lambda d: d.pop("profile"),
    "empty name": lambda d: d.update(profile=""),
    "long name": lambda d: d.update(profile="x" * 64),
    "no date": lambda d: d.update(updated="yesterday"),
    "no source": lambda d: d.pop("source"),
    "misspelt member": lambda d: d.update(vidoe={}),
    "misspelt limit": lambda d: d["video"].update(max_lenght=3),
    "misspelt price": lambda d: d["prices"][0].update(amount=3),
    "fraction": lambda d: d["video"].update(max_duration=2.5),
    "text": lambda d: d["video"].update(max_duration="30"),
    "nought": lambda d: d["image"].update(max_side=0),
    "too many bytes": lambda d: d["image"].update(max_bytes=2 ** 50 + 1),
    "unknown format": lambda d: d["image"].update(formats=["GIF"]),
    "no format": lambda d: d["image"].update(formats=[]),
    "a format twice": lambda d: d["image"].update(formats=["PNG", "PNG"]),
    "unknown region": lambda d: d["prices"][0].update(region="mars"),
    "small currency": lambda d: d["prices"][0].update(currency="cny"),
    "free": lambda d: d["prices"][0].update(per_second=0),
    "no price": lambda d: d["prices"][0].pop("per_second"),
    "an array": lambda d: d.update(image=[]),
}


@pytest.mark.parametrize("name", SPOILS)
def test_schema_and_program_refuse_the_same(wanprep, profile, name):
    document = wanprep.json("limits", "--json")
    VALIDATOR.validate(document)
    spoilt = copy.deepcopy(document)
    SPOILS[name](spoilt)
    assert not VALIDATOR.is_valid(spoilt)
    done = wanprep("limits", "--profile", profile(spoilt))
    assert (done.returncode, done.stdout) == (2, "") and "profile.json" in done.stderr


@pytest.mark.parametrize("command", [["check"], ["run", "--dry-run"]])
def test_a_bad_profile_is_never_the_built_in_one(wanprep, profile, command):
    path = profile({**LEAST, "vidoe": {}})
    done = wanprep(*command, "--profile", path, IMAGE, VIDEO)
    assert (done.returncode, done.stdout) == (2, "") and "vidoe" in done.stderr
    assert wanprep(*command, "--profile", "missing.json", IMAGE, VIDEO).returncode == 2
