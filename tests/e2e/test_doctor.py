"""`wanprep doctor`: what an installation can do, and where things are looked for."""
import pytest

from conftest import BIN, validate

KEY = "sk-never-to-be-shown"
MODELS = ("face_detection_back_256x256_barracuda.onnx", "face_detection_front_128x128_barracuda.onnx")
HAS_DETECTOR = (BIN / "wanprep-content.so").exists()


def checks_of(wanprep, name, *args):
    document = wanprep.json("doctor", "--json", *args)
    validate(document, "doctor.schema.json")
    return [check for check in document["checks"] if check["check"] == name]


def test_text_has_what_the_document_has(wanprep):
    done = wanprep("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    for check in wanprep.json("doctor", "--json")["checks"]:
        word = "ok" if check["ok"] else "no"
        assert any(line.split()[:2] == [word, check["check"]] and check.get("path", "") in line
                   and check["detail"] in line for line in done.stdout.splitlines()), check


def test_inputs_can_be_read_in_processes_without_rights(wanprep):
    assert [check["ok"] for check in checks_of(wanprep, "sandbox")] == [True]


def test_the_key_is_found_and_never_shown(wanprep):
    assert [check["ok"] for check in checks_of(wanprep, "key")] == [False]
    wanprep.env["DASHSCOPE_API_KEY"] = KEY
    [check] = checks_of(wanprep, "key")
    assert check["ok"] and "DASHSCOPE_API_KEY" in check["detail"]
    for done in (wanprep("doctor"), wanprep("doctor", "--json")):
        assert KEY not in done.stdout + done.stderr


def test_the_detector_works_where_it_was_built(wanprep):
    [check] = checks_of(wanprep, "detector")
    assert check["ok"] == HAS_DETECTOR, check


def test_models_are_looked_for_in_the_data_folder_of_the_user(wanprep, tmp_path):
    home = tmp_path / "home/.local/share/wanprep/models"
    data = tmp_path / "data/wanprep/models"
    paths = [check["path"] for check in checks_of(wanprep, "detector.models")]
    assert paths[0] == str(home)
    wanprep.env["XDG_DATA_HOME"] = str(tmp_path / "data")
    paths = [check["path"] for check in checks_of(wanprep, "detector.models")]
    assert paths[0] == str(data) and str(home) not in paths
    data.mkdir(parents=True)
    for i, name in enumerate(MODELS):  # both are needed
        assert [check["ok"] for check in checks_of(wanprep, "detector.models")][0] is False, i
        (data / name).write_bytes(b"x")
    assert [check["ok"] for check in checks_of(wanprep, "detector.models")][0] is True


def test_a_folder_that_is_named_is_the_only_one(wanprep, tmp_path):
    places = checks_of(wanprep, "detector.models", "--models", str(tmp_path))
    assert [(check["path"], check["ok"]) for check in places] == [(str(tmp_path), False)]


@pytest.mark.skipif(not HAS_DETECTOR, reason="built without the detector")
def test_a_model_that_was_changed_is_told(wanprep, tmp_path):
    source = BIN / "models"
    for name in MODELS:
        (tmp_path / name).write_bytes((source / name).read_bytes())
    assert checks_of(wanprep, "detector", "--models", str(tmp_path))[0]["ok"]
    changed = bytearray((source / MODELS[1]).read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / MODELS[1]).write_bytes(changed)
    [check] = checks_of(wanprep, "detector", "--models", str(tmp_path))
    assert not check["ok"] and MODELS[1] in check["detail"]
    assert checks_of(wanprep, "detector.models", "--models", str(tmp_path))[0]["ok"]  # they are there
