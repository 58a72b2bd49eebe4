"""SARIF and JSON Lines as other programs read them: through the real binary, against what their standards ask for."""
import json
import pathlib
import urllib.parse

import jsonschema
import pytest

from conftest import FIXTURES, validate

IMAGE = FIXTURES / "images/person.jpg"
VIDEO = FIXTURES / "videos/dance.mp4"

# The parts of the official schema (OASIS, SARIF 2.1.0) that such a document has: closed, as that one is.
MESSAGE = {"type": "object", "required": ["text"], "additionalProperties": False,
           "properties": {"text": {"type": "string", "minLength": 1}, "markdown": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
LOCATION = {
    "type": "object", "required": ["physicalLocation"], "additionalProperties": False,
    "properties": {"physicalLocation": {
        "type": "object", "required": ["artifactLocation"], "additionalProperties": False,
        "properties": {"artifactLocation": {
            "type": "object", "required": ["uri"], "additionalProperties": False,
            "properties": {"uri": {"type": "string", "pattern": r"^([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})+$"}}}}}}}
RULE = {
    "type": "object", "required": ["id"], "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "shortDescription": MESSAGE, "fullDescription": MESSAGE, "help": MESSAGE,
                   "defaultConfiguration": {"type": "object", "additionalProperties": False,
                                            "properties": {"level": LEVEL}}}}
RESULT = {
    "type": "object", "required": ["message"], "additionalProperties": False,
    "properties": {"ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL,
                   "message": MESSAGE, "locations": {"type": "array", "items": LOCATION},
                   "relatedLocations": {"type": "array", "items": LOCATION}}}
SARIF = {
    "type": "object", "required": ["version", "runs"], "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["tool"], "additionalProperties": False,
            "properties": {
                "tool": {"type": "object", "required": ["driver"], "additionalProperties": False, "properties": {
                    "driver": {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {
                        "name": {"const": "wanprep"}, "version": {"type": "string"},
                        "rules": {"type": "array", "uniqueItems": True, "minItems": 30, "items": RULE}}}}},
                "results": {"type": "array", "items": RESULT}}}}}}


def sarif(wanprep, *args, code):
    done = wanprep("check", "--format", "sarif", *args)
    assert done.returncode == code, done.stderr
    document = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SARIF).validate(document)
    return document["runs"][0]


def test_sarif_of_a_good_pair_has_the_catalogue_and_no_result(wanprep):
    run = sarif(wanprep, IMAGE, VIDEO, code=0)
    assert run["results"] == []
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(ids)) == len(ids) and "video.duration" in ids


def test_sarif_results_are_the_findings_of_json(wanprep):
    run = sarif(wanprep, "--image", VIDEO, "--video", IMAGE, code=1)
    document = wanprep.json("check", "--json", "--image", VIDEO, "--video", IMAGE, code=1)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(document["findings"]) > 0
    for result, finding in zip(run["results"], document["findings"]):
        assert result["ruleId"] == finding["rule"] == rules[result["ruleIndex"]]["id"]
        assert result["level"] == finding["level"]
        assert result["message"]["text"] == finding["message"] + "\n" + finding["fix"]


@pytest.mark.parametrize("name", ["plain.jpg", "a b%41#?.jpg", "ünï\\c:de.jpg", "sub/x:y.jpg", "new\nline.jpg"])
def test_sarif_locations_lead_back_to_the_file(wanprep, name):
    path = wanprep.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"no picture")
    for given, base in ((name, pathlib.Path("x")), (path, None)):
        run = sarif(wanprep, "--image", given, code=1)
        uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        parts = urllib.parse.urlsplit(urllib.parse.urljoin((wanprep.folder / "x").as_uri(), uri) if base else uri)
        assert parts.scheme == "file" and not parts.query and not parts.fragment
        assert urllib.parse.unquote(parts.path) == str(path)


def test_jsonl_is_one_line_of_the_document(wanprep):
    done = wanprep("check", "--format", "jsonl", IMAGE, VIDEO)
    assert done.returncode == 0 and done.stdout.count("\n") == 1
    line = json.loads(done.stdout)
    validate(line, "check.schema.json")
    document = wanprep.json("check", "--json", IMAGE, VIDEO)
    line.pop("elapsed_ms"), document.pop("elapsed_ms")
    assert line == document
