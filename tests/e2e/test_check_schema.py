"""docs/check.schema.json is strict and says what the reports are: every golden JSON document is valid, and documents
that are spoilt in one place are not; the JUnit documents are well-formed and their counts are right."""
import copy
import json
import pathlib
import xml.etree.ElementTree as xml

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/unit/report/golden"
SCHEMA = json.loads((ROOT / "docs/check.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DOCUMENTS = sorted(GOLDEN.glob("*.json"))


def load(name):
    return json.loads((GOLDEN / f"{name}.json").read_text())


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert len(DOCUMENTS) >= 4


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_golden_documents_are_valid(path):
    VALIDATOR.validate(json.loads(path.read_text()))


def objects(schema):
    if isinstance(schema, dict):
        if "properties" in schema and "type" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_every_object_is_closed_and_every_field_described():
    found = list(objects(SCHEMA))
    assert len(found) >= 7
    for part in found:
        assert part["additionalProperties"] is False
        for name, field in part["properties"].items():
            assert field.get("description") or "$ref" in field, name


SPOILS = {
    "unknown member": lambda d: d.update(extra=1),
    "unknown fact": lambda d: d["image"]["facts"].update(colour=1),
    "no verdict": lambda d: d.pop("verdict"),
    "other schema": lambda d: d.update(schema="wanprep.check/2"),
    "unknown level": lambda d: d["findings"][0].update(level="fatal"),
    "text for a number": lambda d: d["video"]["facts"].update(duration="31.2"),
    "range of three": lambda d: d["findings"][0].update(limit=[1, 2, 3]),
    "facts of what was not read": lambda d: d["video"].update(state="unavailable", reason="gone"),
    "no format": lambda d: d["image"]["facts"].pop("format"),
    "neither medium": lambda d: (d.pop("image"), d.pop("video")),
}


@pytest.mark.parametrize("name", SPOILS)
def test_spoilt_documents_are_not_valid(name):
    document = copy.deepcopy(load("rejected"))
    VALIDATOR.validate(document)
    SPOILS[name](document)
    assert not VALIDATOR.is_valid(document)


CONTENT_SPOILS = {
    "an answer of its own": lambda c: c["answers"].update(one_face="maybe"),
    "an answer is missing": lambda c: c["answers"].pop("facing"),
    "no pictures": lambda c: c.update(looks=[]),
    "pictures of what was not looked at": lambda c: c.update(state="failed", reason="gone"),
    "no reason": lambda c: (c.update(state="no-detector"), [c.pop(name) for name in ("looks", "models", "answers")]),
    "a model without a hash": lambda c: c["models"][0].pop("sha256"),
    "a box of three": lambda c: c["looks"][0]["faces"][0]["box"].pop(),
    "seven faces": lambda c: c["looks"][0].update(faces=c["looks"][0]["faces"][:1] * 7),
    "not a number": lambda c: c["looks"][0].update(brightness=None),
}


@pytest.mark.parametrize("name", CONTENT_SPOILS)
def test_spoilt_content_is_not_valid(name):
    document = load("doubted")
    VALIDATOR.validate(document)
    CONTENT_SPOILS[name](document["image"]["content"])
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xml")), ids=lambda path: path.stem)
def test_junit_counts_are_right(path):
    suite = xml.parse(path).getroot().find("testsuite")
    cases = suite.findall("testcase")
    document = load(path.stem)
    errors = [f for f in document["findings"] if f["level"] == "error"]
    assert int(suite.get("tests")) == len(cases) > 0
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) == len(errors)
    assert len(suite.findall("testcase/system-out")) == len(document["findings"]) - len(errors)
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
