"""The fixes are pasted into a shell, and then the finding is gone: on real files with names that hurt."""
import json
import re
import shutil
import subprocess

import pytest

from conftest import FIXTURES

NAME = "it's $HOME; a (t?st) [1] & \"such\"\n-%d"
COMMAND = re.compile(r"(?:convert|ffmpeg|mv) .*$")


def findings(wanprep, side, path):
    done = wanprep("check", "--json", "--depth", "full", f"--{side}", path)
    return {finding["rule"]: finding for finding in json.loads(done.stdout)["findings"]}


def paste(wanprep, fix):
    """Runs the command of a fix and returns the one file that it made."""
    before = set(wanprep.folder.iterdir())
    command = COMMAND.search(fix).group()
    done = subprocess.run(["sh", "-c", command], cwd=wanprep.folder, env=wanprep.env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, (command, done.stderr[-2000:])
    made = set(wanprep.folder.iterdir()) - before
    assert len(made) == 1, (command, made)
    return made.pop().name


IMAGES = {
    "image.format": "gif-named.jpg",
    "image.resolution": "bmp-1bit.bmp",
    "image.aspect-ratio": "ratio-over-1-3.png",
    "image.orientation": "jpeg-orientation-6.jpg",
    "image.animated": "png-animated.png",
    "image.color-model": "jpeg-cmyk.jpg",
    "image.bit-depth": "png-16bit.png",
    "image.transparency": "png-transparent.png",
    "image.unsupported-variant": "jpeg-arithmetic.jpg",
}
VIDEOS = {
    "video.format": "matroska.mp4",
    "video.duration": "duration-30.03.mp4",
    "video.duration-edge": "duration-2.mp4",
    "video.duration-mismatch": "long-audio.mp4",
    "video.resolution": "side-199.mp4",
    "video.aspect-ratio": "ratio-tall.mp4",
    "video.codec": "vp9.mp4",
    "video.frame-rate": "rate-14.mp4",
    "video.variable-frame-rate": "vfr.mp4",
    "video.rotation": "rotated-90.mp4",
    "video.sample-aspect-ratio": "anamorphic.mp4",
    "video.interlaced": "interlaced.mp4",
    "video.hdr": "hdr10.mp4",
    "video.several-streams": "two-videos.mp4",
    "video.brand": "m4v.m4v",
    "video.decode-errors": "damaged-middle.mp4",
    "video.unsupported-variant": "wmv2.avi",
}


def fix(wanprep, side, rule, fixture):
    name = f"{NAME}.{fixture.rsplit('.', 1)[1]}"
    shutil.copy(FIXTURES / f"{side}s" / fixture, wanprep.folder / name)
    before = findings(wanprep, side, name)
    assert rule in before, before.keys()
    after = findings(wanprep, side, paste(wanprep, before[rule]["fix"]))
    gone = {f"{side}.{part}" for part in ("unreadable", "format", "truncated", "undetermined")} | {rule}
    assert not gone & set(after), after


@pytest.mark.parametrize("rule", IMAGES)
def test_images(wanprep, rule):
    fix(wanprep, "image", rule, IMAGES[rule])


@pytest.mark.parametrize("rule", VIDEOS)
def test_videos(wanprep, rule):
    fix(wanprep, "video", rule, VIDEOS[rule])


def test_a_short_video_gets_longer(wanprep):
    fix(wanprep, "video", "video.duration", "edit-list.mp4")


@pytest.mark.parametrize("fixture", ["jpeg-ls.jpg", "jpeg-lossless.jpg", "jpeg-12bit.jpg"])
def test_rare_jpegs_become_plain(wanprep, fixture):
    fix(wanprep, "image", "image.unsupported-variant", fixture)


def test_a_deep_jpeg_becomes_plain(wanprep):
    fix(wanprep, "image", "image.bit-depth", "jpeg-12bit.jpg")


def test_what_no_tool_reads_gets_no_command(wanprep):
    shutil.copy(FIXTURES / "images" / "bmp-jpeg.bmp", wanprep.folder / "a.bmp")
    assert not COMMAND.search(findings(wanprep, "image", "a.bmp")["image.unsupported-variant"]["fix"])


def test_a_movie_given_as_the_image_gives_a_frame(wanprep):
    shutil.copy(FIXTURES / "videos" / "dance.mp4", wanprep.folder / "dance.mp4")
    finding = findings(wanprep, "image", "dance.mp4")["image.format"]
    assert not findings(wanprep, "image", paste(wanprep, finding["fix"]))


def test_a_foreign_picture_is_made_to_fit_in_one_step(wanprep):
    subprocess.run(["convert", "-size", "4600x2300", "-seed", "1", "plasma:", "+noise", "Random", wanprep.folder / "a.tif"],
                   check=True)
    finding = findings(wanprep, "image", "a.tif")["image.format"]
    assert not findings(wanprep, "image", paste(wanprep, finding["fix"]))


def sized(wanprep, name, make, *rules):
    """Makes a file that breaks these rules and follows their advice, one after the other."""
    side = "image" if name.endswith((".png", ".jpg", ".bmp")) else "video"
    subprocess.run([*make, wanprep.folder / name], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    for rule in rules:
        before = findings(wanprep, side, name)
        assert rule in before, before.keys()
        name = paste(wanprep, before[rule]["fix"])
        after = findings(wanprep, side, name)
        assert set(after) < set(before), (rule, after)
    assert not after, after


@pytest.mark.parametrize("size", ["101x1001", "5001x401", "7x9", "4097x4096", "3000x201", "4500x199"])
def test_images_out_of_shape_and_size_at_once(wanprep, size):
    width, height = map(int, size.split("x"))
    rule = "image.resolution" if not (width >= 200 <= height and max(width, height) <= 4096) else "image.aspect-ratio"
    sized(wanprep, "a.png", ["convert", "-size", size, "xc:green"], rule)


@pytest.mark.parametrize("size", ["101x1001", "2501x401", "7x9", "2049x2047", "901x201", "2300x199"])
def test_videos_out_of_shape_and_size_at_once(wanprep, size):
    width, height = map(int, size.split("x"))
    rule = "video.resolution" if not (width >= 200 <= height and max(width, height) <= 2048) else "video.aspect-ratio"
    sized(wanprep, "a.mp4", ["ffmpeg", "-f", "lavfi", "-i", f"color=green:size={size}:rate=15:duration=3,format=yuv444p",
                             "-preset", "ultrafast"], rule)


def test_odd_sides_survive_every_other_fix(wanprep):
    sized(wanprep, "a.mp4", ["ffmpeg", "-f", "lavfi", "-i", "color=green:size=301x303:rate=10:duration=31,format=yuv444p",
                             "-preset", "ultrafast"], "video.duration", "video.frame-rate")


def test_a_big_image_becomes_small(wanprep):
    sized(wanprep, "a.png", ["convert", "-size", "1500x1500", "-seed", "1", "xc:", "+noise", "Random"], "image.size")


def test_an_old_phone_video_becomes_mp4(wanprep):
    fix(wanprep, "video", "video.format", "3gp.3gp")


def test_a_wrong_name(wanprep):
    shutil.copy(FIXTURES / "images" / "good.webp", wanprep.folder / "-photo.jpg")
    finding = findings(wanprep, "image", "./-photo.jpg")["image.extension"]
    assert paste(wanprep, finding["fix"]) == "-photo.webp"
    assert not findings(wanprep, "image", "./-photo.webp")


def test_a_pair_is_cropped_to_one_shape(wanprep):
    square = wanprep.folder / "square.png"
    subprocess.run(["convert", "-size", "250x250", "xc:green", square], check=True)
    video = FIXTURES / "videos" / "dance.mp4"
    before = json.loads(wanprep("check", "--json", square, video).stdout)["findings"]
    assert [finding["rule"] for finding in before] == ["pair.aspect-ratio"]
    made = paste(wanprep, before[0]["fix"])
    assert not json.loads(wanprep("check", "--json", made, video).stdout)["findings"]
