"""How the program looks: at which frames, when, in which processes; and detectors that are no good."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import BIN, FIXTURES, Wanprep, validate
from media_server import MediaServer

PHOTOS = pathlib.Path(os.environ["WANPREP_PHOTOS"])
MODELS = pathlib.Path(os.environ["WANPREP_MODELS"])
MODULE_FROM_BIN = os.environ["WP_CONTENT_MODULE_FROM_BIN"]
SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src"
# A person alone, cut out of sample6.jpg: the third from the left, who faces the camera.
ALONE = "560x620+1000+180"
IMAGE, VIDEO = FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4"


def sh(*words):
    subprocess.run([str(word) for word in words], check=True, stdin=subprocess.DEVNULL)


@pytest.fixture
def wanprep(tmp_path):
    return Wanprep(tmp_path)


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """A photo of one person, and videos that begin with this or that."""
    folder = tmp_path_factory.mktemp("media")
    alone, many = folder / "alone.png", PHOTOS / "sample6.jpg"
    sh("convert", many, "-crop", ALONE, "+repage", alone)
    sh("convert", "-size", "640x480", "plasma:grey-blue", folder / "nobody.png")
    for name, parts in {"face": [alone], "nobody-first": [folder / "nobody.png", alone],
                        "nobody-last": [alone, alone, alone, folder / "nobody.png"], "many": [many]}.items():
        inputs = [word for part in parts for word in ("-loop", "1", "-t", "3", "-i", part)]
        scaled = "".join(f"[{i}]scale=640:640:force_original_aspect_ratio=decrease,pad=640:640:-1:-1,setsar=1[s{i}];"
                         for i in range(len(parts)))
        joined = scaled + "".join(f"[s{i}]" for i in range(len(parts))) + f"concat=n={len(parts)}[v]"
        sh("ffmpeg", "-nostdin", "-v", "error", *inputs, "-filter_complex", joined, "-map", "[v]", "-r", "25",
           "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", folder / f"{name}.mp4")
    return folder


def check(wanprep, *args, code=0, content="warn"):
    document = wanprep.json("check", "--json", "--content", content, *args, code=code)
    validate(document, "check.schema.json")
    return document


def rules(document, level=None):
    return {finding["rule"] for finding in document["findings"]
            if level in (None, finding["level"]) and finding["rule"].split(".")[1] not in ("resolution", "sample-aspect-ratio")}


def skipped(document):
    found = [finding for finding in document["findings"] if finding["rule"] == "content.skipped"]
    assert len(found) == 1, document["findings"]
    return found[0]


def test_frames_are_spread_over_a_video_from_the_first_on(wanprep, media):
    document = check(wanprep, "--video", media / "face.mp4")
    looks = document["video"]["content"]["looks"]
    times = [look["time_s"] for look in looks]
    assert times[0] == 0 and times == sorted(set(times)) and len(times) >= 9 and 2.6 < times[-1] < 3
    assert not rules(document) and {look["face_count"] for look in looks} == {1}


def test_the_first_frame_of_a_cut_is_looked_at(wanprep, tmp_path):
    """Cut without encoding, it begins between two key frames, and the next one is near."""
    sh("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x320:rate=25:duration=12", "-c:v", "libx264",
       "-preset", "ultrafast", "-g", "50", "-sc_threshold", "0", "-bf", "0", "-pix_fmt", "yuv420p", tmp_path / "whole.mp4")
    sh("ffmpeg", "-nostdin", "-v", "error", "-ss", "1.7", "-i", tmp_path / "whole.mp4", "-c", "copy", "-t", "9", tmp_path / "cut.mp4")
    looks = check(wanprep, "--video", tmp_path / "cut.mp4")["video"]["content"]["looks"]
    assert looks[0]["time_s"] == 0 and len(looks) >= 9


def test_of_a_video_the_first_frame_counts(wanprep, media):
    """And of the others a third may fail."""
    assert "video.no-face" in rules(check(wanprep, "--video", media / "nobody-first.mp4"), "warning")
    assert "video.no-face" not in rules(check(wanprep, "--video", media / "nobody-last.mp4"))
    assert "video.several-faces" in rules(check(wanprep, "--video", media / "many.mp4"), "warning")


def test_a_face_in_the_pair_is_framed_alike(wanprep, media):
    assert "pair.framing" not in rules(check(wanprep, media / "alone.png", media / "face.mp4"))
    assert "pair.framing" in rules(check(wanprep, media / "alone.png", media / "many.mp4"), "warning")


def test_it_is_looked_by_default_but_not_at_headers(wanprep, media):
    many = PHOTOS / "sample1.jpg"
    for depth, looked in (("header", False), ("frame", True), ("full", True)):
        document = wanprep.json("check", "--json", "--content", "auto", "--depth", depth, "--image", many)
        assert ("image.several-faces" in rules(document, "warning")) == looked
        assert ("content" in document["image"]) == looked
    assert "image.several-faces" in rules(check(wanprep, "--depth", "header", "--image", many))


@pytest.mark.parametrize("more", [[], ["--no-sandbox"], ["--workers", "1"]])
def test_it_sees_the_same_however_it_looks(wanprep, media, more):
    table = wanprep.folder / "pairs.csv"
    table.write_text("image,video\n" + f"{media / 'alone.png'},{media / 'face.mp4'}\n"
                     + f"{PHOTOS / 'sample5.jpg'},{media / 'many.mp4'}\n" * 2)
    done = wanprep("check", "--format", "jsonl", "--content", "warn", "--manifest", table, *more)
    counts = [[[look["face_count"] for look in document[medium]["content"]["looks"]][0] for medium in ("image", "video")]
              for document in map(json.loads, done.stdout.splitlines())]
    assert (done.returncode, counts) == (0, [[1, 1], [5, 4], [5, 4]])


@pytest.mark.parametrize("models", [MODELS, "/nowhere"])
def test_what_is_rejected_anyway_is_not_looked_at(wanprep, models):
    document = check(wanprep, "--models", models, "--image", FIXTURES / "images/text.jpg", code=1)
    assert "content.skipped" not in rules(document) and "content" not in document["image"]


@pytest.mark.parametrize("more", [[], ["--no-sandbox"]])
def test_what_was_seen_of_a_large_url_is_not_lost(wanprep, tmp_path, more):
    """Of a URL some is read for pictures, and no more: it is told that the rest was not looked at."""
    sh("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x640:rate=25:duration=4", "-vf",
       "noise=alls=60:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-g", "25", "-pix_fmt", "yuv420p",
       "-movflags", "+faststart", tmp_path / "large.mp4")
    data = (tmp_path / "large.mp4").read_bytes()
    assert len(data) > 3 * (16 << 20)
    with MediaServer() as server:
        document = check(wanprep, "--allow-private", "--video", server.put("/large.mp4", data), *more)
    content = document["video"]["content"]
    assert content["state"] == "looked" and content["reason"]
    assert content["looks"][0]["time_s"] == 0 and 1 <= len(content["looks"]) < 10
    assert skipped(document)["level"] == "warning"


def test_the_report_has_the_boxes(wanprep, media):
    done = wanprep("check", "--content", "warn", "--report", "r.html", PHOTOS / "sample5.jpg", media / "many.mp4")
    assert done.returncode == 0
    page = (wanprep.folder / "r.html").read_text()
    pictures = page.count("<img ")
    assert pictures == 6 and page.count("<rect") >= 5 + 4 * 5


# Detectors that are no good.

@pytest.mark.parametrize("mode, level, code", [("auto", "note", 0), ("warn", "warning", 0), ("error", "error", 1)])
def test_without_models_one_finding_says_so(wanprep, mode, level, code):
    document = check(wanprep, IMAGE, VIDEO, "--models", "/nowhere", content=mode, code=code)
    assert skipped(document)["level"] == level and "/nowhere" in skipped(document)["message"]
    assert document["image"]["content"]["state"] == "no-detector"
    assert "content.skipped" not in rules(check(wanprep, IMAGE, VIDEO, "--models", "/nowhere", content="off"))


BROKEN = {
    "no library": None,
    "no symbol": "int nothing;",
    "another version": '#include "content/dnn/dnn.h"\nconst struct wp_dnn wp_dnn = {.version = WP_DNN_VERSION + 1};',
    "dies while it is loaded": "#include <stdlib.h>\n__attribute__((constructor)) static void die(void) { abort(); }",
    "refuses the models": "OPEN { snprintf(reason, size, \"no such layer\"); return NULL; } RUN { return 0; }",
    "dies on a picture": "OPEN { return (void *)1; } RUN { abort(); }",
    "fails on a picture": "OPEN { return (void *)1; } RUN { snprintf(reason, size, \"cv::Exception\"); return 0; }",
    "gives nothing": "OPEN { return (void *)1; } RUN { return 0; }",
    "gives nonsense": "static float garbage[16 * 8192]; OPEN { for (int i = 0; i < 16 * 8192; i++) garbage[i] = NAN; return (void *)1; }"
                      "RUN { static const size_t n[] = {512, 384, 8192, 6144}; for (size_t i = 0; i < 4; i++)"
                      " out[i] = (struct wp_dnn_output){garbage, n[i]}; return 4; }",
    "does what it may not": "#include <sys/socket.h>\nOPEN { return (void *)1; } RUN { socket(AF_INET, SOCK_STREAM, 0); return 0; }",
}
FRAME = """#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "content/dnn/dnn.h"
#define OPEN static struct wp_dnn_net *open_net(const void *model, size_t length, char *reason, size_t size)
#define RUN static size_t run(struct wp_dnn_net *net, const float *in, int side, struct wp_dnn_output *out, size_t max, \\
                              char *reason, size_t size)
%s
static void close_net(struct wp_dnn_net *net) {}
const struct wp_dnn wp_dnn = {WP_DNN_VERSION, open_net, run, close_net};
"""


@pytest.mark.parametrize("fault", BROKEN)
def test_a_module_that_is_no_good_is_a_finding(wanprep, tmp_path, fault):
    """Never a crash of wanprep, and never taken for a look."""
    program = tmp_path / "bin/wanprep"
    module = pathlib.Path(os.path.normpath(program.parent / MODULE_FROM_BIN))
    program.parent.mkdir()
    module.parent.mkdir(parents=True)
    shutil.copy(BIN / "wanprep", program)
    source = BROKEN[fault]
    if source is None:
        module.write_text("this is no library")
    else:
        code = tmp_path / "module.c"
        code.write_text(FRAME % source if "OPEN" in source else source)
        sh("cc", "-shared", "-fPIC", "-w", "-I", SOURCE, "-o", module, code)
    done = subprocess.run([program, "check", "--json", "--content", "warn", "--models", MODELS, IMAGE, VIDEO], env=wanprep.env,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    validate(document, "check.schema.json")
    found = [finding for finding in document["findings"] if finding["rule"] == "content.skipped"]
    if fault == "gives nonsense":  # scores that are no numbers are no faces
        assert {"image.no-face", "video.no-face"} <= rules(document, "warning")
    else:
        assert found and {finding["level"] for finding in found} == {"warning"}, document["findings"]
        assert all(document[medium]["content"]["state"] in ("failed", "no-detector") for medium in ("image", "video"))
    assert document["image"]["facts"]["decode"] == document["video"]["facts"]["decode"] == "ok"


def test_opencv_is_loaded_for_a_look_alone(wanprep):
    """Without it nothing of it is touched."""
    def libraries(*args):
        done = subprocess.run([BIN / "wanprep", *args], env={**wanprep.env, "LD_DEBUG": "files"}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        return "opencv" in done.stdout

    assert libraries("check", "--content", "warn", IMAGE, VIDEO)
    for args in (["check", "--content", "off", IMAGE, VIDEO], ["check", "--depth", "header", IMAGE, VIDEO], ["version"],
                 ["explain"], ["check", "--models", "/nowhere", IMAGE, VIDEO],
                 ["check", "--content", "warn", "--image", "oss://bucket/a.png"]):  # which nobody reads
        assert not libraries(*args), args
