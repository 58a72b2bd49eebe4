"""At depth full each byte of a local file is read once: the hash takes what is decoded, and reads what that leaves out. Counted
is by the kernel, for all processes that were waited for (proc(5), /proc/pid/io)."""
import hashlib
import json
import pathlib
import subprocess

import pytest

BOOKS = pathlib.Path("/proc/self/io")
PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30")
SOUND = ("-f", "lavfi", "-i", "sine=440")
H264 = ("-c:v", "libx264", "-b:v", "4M", "-t", "3")
MANY = 8  # channels, so that a second of them is over a megabyte
MEDIA = {
    "front.mp4": (*PICTURE, *SOUND, *H264, "-c:a", "aac", "-movflags", "+faststart"),
    "end.mp4": (*PICTURE, *SOUND, *H264, "-c:a", "aac"),
    "fragments.mp4": (*PICTURE, *SOUND, *H264, "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "gaps.mov": (*PICTURE, *SOUND, *H264, "-c:a", "pcm_s32le", "-ac", str(MANY), "-ar", "48000"),
    "motion.avi": (*PICTURE, *SOUND, "-c:v", "mjpeg", "-q:v", "5", "-c:a", "pcm_s16le", "-t", "3"),
    "picture.jpg": ("-f", "lavfi", "-i", "testsrc2=size=2000x2000,noise=alls=60", "-frames:v", "1", "-q:v", "2"),
    "picture.png": ("-f", "lavfi", "-i", "testsrc2=size=1000x1000,noise=alls=60", "-frames:v", "1"),
}


def bytes_read():
    return int(dict(line.split(": ") for line in BOOKS.read_text().splitlines())["rchar"])


def check(wanprep, depth, kind, path):
    before = bytes_read()
    done = wanprep("check", "--json", "--depth", depth, kind, path)
    return json.loads(done.stdout), bytes_read() - before


@pytest.mark.skipif(not BOOKS.exists(), reason="this kernel keeps no such books")
@pytest.mark.parametrize("name", MEDIA)
def test_each_byte_is_read_once(wanprep, tmp_path, name):
    path = tmp_path / name
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *MEDIA[name], path], check=True)
    noun = "image" if path.suffix in {".jpg", ".png"} else "video"
    empty = tmp_path / f"empty{path.suffix}"
    empty.touch()
    _, alone = check(wanprep, "full", f"--{noun}", empty)
    document, read = check(wanprep, "full", f"--{noun}", path)
    content = path.read_bytes()
    facts = document[noun]["facts"]
    assert facts["decode"] == "ok" and facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert 0.99 < (read - alone) / len(content) < 1.1
