"""What the program says of photos: of one person in any file, turned by any EXIF orientation; of groups and of nobody; of
faces that are turned, cut off, too small or too large; and without the parts of its detector."""
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import BIN, Wanprep, validate

PHOTOS = pathlib.Path(os.environ["WANPREP_PHOTOS"])
MODELS = pathlib.Path(os.environ["WANPREP_MODELS"])
ONE = "sample3.jpg", "-crop", "510x750+450+150", "+repage"  # the person at the left
GROUPS = {"sample1": 3, "sample2": 3, "sample3": 3, "sample4": 4, "sample5": 5, "sample6": 4}  # counted by eye
# What turns a picture into one that is shown upright with an EXIF orientation (EXIF 2.3 4.6.4 A).
TURNS = {1: [], 2: ["-flop"], 3: ["-rotate", "180"], 4: ["-flip"], 5: ["-transpose"], 6: ["-rotate", "270"],
         7: ["-transverse"], 8: ["-rotate", "90"]}


def do(*command):
    subprocess.run(list(map(str, command)), check=True, timeout=300, stdin=subprocess.DEVNULL)


def picture(path, photo, *arguments):
    do("convert", PHOTOS / photo, *arguments, path)
    return path


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return picture(tmp_path_factory.mktemp("one") / "one.png", *ONE)


@pytest.fixture
def seen(tmp_path):
    """What is seen in a medium, and the rules of all findings by their levels."""
    def see(path, mode="auto", *arguments, kind="image", code=0):
        document = Wanprep(tmp_path).json("check", "--json", f"--{kind}", path, "--content", mode, *arguments, code=code)
        validate(document, "check.schema.json")
        findings = {finding["rule"]: finding["level"] for finding in document["findings"]}
        return document[kind].get("content"), findings
    return see


def alike(look, other):
    """Whether two looks at one face say the same; boxes in shares of the picture."""
    [face], [same] = look["faces"], other["faces"]
    boxes = [[value / of for value, of in zip(each["box"], 2 * [seen["width"], seen["height"]])]
             for each, seen in ((face, look), (same, other))]
    return (all(abs(a - b) < 0.02 for a, b in zip(*boxes)) and abs(face["yaw"] - same["yaw"]) < 5
            and abs(face["roll"] - same["roll"]) < 5)


@pytest.mark.parametrize("name", GROUPS)
def test_all_of_a_group_are_counted(seen, name):
    content, findings = seen(PHOTOS / f"{name}.jpg")
    assert content["looks"][0]["face_count"] == GROUPS[name]
    assert content["answers"]["one_face"] == "no"
    assert findings["image.several-faces"] == "warning"
    assert seen(PHOTOS / f"{name}.jpg", "error", code=1)[1]["image.several-faces"] == "error"


def test_one_person_is_fine(seen, one):
    content, findings = seen(one, "error")
    assert set(content["answers"].values()) == {"yes"}
    assert not findings


@pytest.mark.parametrize("orientation", TURNS)
def test_an_orientation_changes_nothing(seen, one, tmp_path, orientation):
    turned = tmp_path / "turned.jpg"
    do("convert", one, *TURNS[orientation], "-quality", 95, turned)
    do("exiftool", "-q", "-overwrite_original", f"-Orientation#={orientation}", turned)
    [look], [same] = (seen(path)[0]["looks"] for path in (turned, one))
    assert (look["width"], look["height"]) == (510, 750)
    assert alike(look, same)


@pytest.mark.parametrize("arguments, suffix", [
    (["-quality", "40"], "jpg"), ([], "bmp"), (["-quality", "90"], "webp"), (["-colorspace", "gray"], "png"),
    (["-resize", "200%"], "jpg"), (["-resize", "500%"], "jpg"), (["-resize", "60%"], "png")])
def test_neither_does_the_file(seen, one, tmp_path, arguments, suffix):
    path = tmp_path / f"copy.{suffix}"
    do("convert", one, *arguments, path)
    [look], [same] = (seen(each)[0]["looks"] for each in (path, one))
    assert alike(look, same)


@pytest.mark.parametrize("rule, arguments", [
    ("no-face", ("sample2.jpg", "-crop", "1920x847+0+520")),
    ("face-turned", ("sample2.jpg", "-crop", "570x510+150+90")),
    ("face-cut-off", ("sample6.jpg", "-crop", "420x1005+325+345")),
    ("face-too-small", (*ONE, "-gravity", "center", "-background", "black", "-extent", "3000x3000")),
    ("face-too-large", ("sample6.jpg", "-crop", "317x317+619+338")),
    ("too-dark", (*ONE, "-evaluate", "multiply", "0.1")),
    ("blurred", (*ONE, "-blur", "0x5")),
])
def test_a_flaw_is_told(seen, tmp_path, rule, arguments):
    path = picture(tmp_path / "flawed.png", *arguments, "+repage")
    content, findings = seen(path)
    assert findings[f"image.{rule}"] == "warning", content
    assert rule in ("no-face", "too-dark", "blurred") or set(findings) == {f"image.{rule}"}
    assert seen(path, "error", code=1)[1][f"image.{rule}"] == "error"


def test_nothing_is_looked_at_where_nobody_asks(seen):
    assert seen(PHOTOS / "sample1.jpg", "off") == (None, {})


def spoil(folder, how):
    for model in MODELS.glob("*.onnx"):
        shutil.copy(model, folder)
    last = max(folder.iterdir())
    how(last)


@pytest.mark.parametrize("how", [
    lambda path: path.unlink(), lambda path: path.write_bytes(b""), lambda path: path.write_bytes(path.read_bytes()[:-1]),
    lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    lambda path: path.write_bytes(os.urandom(4096)), lambda path: (path.unlink(), path.mkdir()),
], ids=["missing", "empty", "cut", "changed", "random", "folder"])
@pytest.mark.parametrize("mode, level, code", [("auto", "note", 0), ("warn", "warning", 0), ("error", "error", 1)])
def test_a_model_that_is_not_right_is_told(seen, one, tmp_path, how, mode, level, code):
    folder = tmp_path / "models"
    folder.mkdir()
    spoil(folder, how)
    content, findings = seen(one, mode, "--models", folder, code=code)
    assert content["state"] == "no-detector" and content["reason"]
    assert findings == {"content.skipped": level}


def test_a_module_that_is_none_is_told(one, tmp_path):
    """A copy of the program beside which something else lies."""
    shutil.copy(BIN / "wanprep", tmp_path)
    for content in (None, b"", b"no module", (BIN / "wanprep").read_bytes()):
        if content is not None:
            (tmp_path / "wanprep-content.so").write_bytes(content)
        done = subprocess.run([tmp_path / "wanprep", "check", "--image", one, "--content", "error", "--models", MODELS],
                              capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 1 and "content.skipped" in done.stdout, done


@pytest.mark.parametrize("rotation", [0, 90, 180])
def test_a_video_is_as_its_frames(seen, one, tmp_path, rotation):
    stored = {0: [], 90: ["-vf", "transpose=1"], 180: ["-vf", "hflip,vflip"]}[rotation]
    do("ffmpeg", "-nostdin", "-v", "error", "-loop", 1, "-i", one, "-t", 3, "-r", 25, *stored, "-c:v", "libx264",
       "-pix_fmt", "yuv420p", tmp_path / "stored.mp4")
    do("ffmpeg", "-nostdin", "-v", "error", "-i", tmp_path / "stored.mp4", "-c", "copy", "-metadata:s:v", f"rotate={rotation}",
       tmp_path / "video.mp4")
    content, findings = seen(tmp_path / "video.mp4", kind="video")
    [same] = seen(one)[0]["looks"]
    assert len(content["looks"]) > 3
    assert all(alike(look, same) for look in content["looks"])
    assert not [rule for rule in findings if "face" in rule]
