"""Large libraries are loaded by the commands that call them and by no others, and a broken one is told."""
import os
import subprocess

import pytest

from conftest import FIXTURES

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
BUNDLED = os.environ.get("WANPREP_BUNDLED") == "1"
DECODERS = ("libjpeg", "libpng16", "libwebp")
FFMPEG = ("libavformat", "libavcodec", "libavutil")

# Notes what is loaded while the program runs, and finds some of it broken.
SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char noted[4096], broken[64]; /* processes without rights have no environment, nor our descriptors */

__attribute__((constructor)) static void begin(void)
{
    strncpy(noted, getenv("NOTED"), sizeof noted - 1);
    strncpy(broken, getenv("BROKEN"), sizeof broken - 1);
}

void *dlopen(const char *name, int flags)
{
    void *(*real)(const char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "dlopen");
    FILE *file = name ? fopen(noted, "a") : NULL;
    if (file) {
        fprintf(file, "%s\\n", name);
        fclose(file);
    }
    return real(name && broken[0] && strstr(name, broken) ? "/nowhere/broken.so" : name, flags);
}
"""


@pytest.fixture
def loads(wanprep, tmp_path):
    """Runs a command; returns how it ended, and the libraries of ours that it loaded."""
    (tmp_path / "shim.c").write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "shim.so", "shim.c"], cwd=tmp_path, check=True)
    noted = tmp_path / "noted"

    def run(*args, broken=""):
        noted.write_text("")
        wanprep.env.update(LD_PRELOAD=str(tmp_path / "shim.so"), NOTED=str(noted), BROKEN=broken)
        done = wanprep(*args)
        ours = ("libav", "libcurl", "libsqlite3", "libpq", *DECODERS)
        return done, {name.split(".")[0] for name in noted.read_text().split() if name.startswith(ours)}
    return run


@pytest.mark.parametrize("args", [("--help",), ("version",), ("limits",), ("explain", "video.duration"), ("run", "--help")])
def test_a_command_that_reads_nothing_loads_nothing(loads, args):
    done, loaded = loads(*args)
    assert done.returncode == 0 and not loaded


@pytest.mark.parametrize("count", [1, 9])
def test_headers_of_images_need_nothing(loads, tmp_path, count):
    for number in range(count):
        (tmp_path / f"{number}.jpg").symlink_to(IMAGE)
    images = [tmp_path / f"{number}.jpg" for number in range(count)]
    images += [FIXTURES / "images" / f"good.{kind}" for kind in ("png", "webp", "bmp", "jpg")]
    done, loaded = loads("check", "--depth", "header", *(word for image in images for word in ("--image", image)))
    assert done.returncode == 0 and not loaded


@pytest.mark.parametrize("sandbox", [(), ("--no-sandbox",)])
@pytest.mark.parametrize("depth", ["frame", "full"])
def test_images_need_their_decoders_and_no_ffmpeg(loads, tmp_path, sandbox, depth):
    images = [FIXTURES / "images" / f"good.{kind}" for kind in ("png", "webp", "bmp", "jpg")]
    args = [word for image in images for word in ("--image", image)]
    done, loaded = loads("check", *sandbox, "--depth", depth, *args)
    assert done.returncode == 0 and loaded == (set() if BUNDLED else set(DECODERS))
    page = tmp_path / "page.html"  # with small pictures of them
    done, loaded = loads("check", *sandbox, "--depth", "header", "--report", page, *args)
    assert done.returncode == 0 and loaded == (set() if BUNDLED else set(DECODERS))
    assert page.read_text().count("data:image/jpeg") == 4


@pytest.mark.parametrize("sandbox", [(), ("--no-sandbox",)])
def test_videos_need_ffmpeg(loads, sandbox):
    done, loaded = loads("check", *sandbox, "--video", VIDEO)
    assert done.returncode == 0 and loaded == (set() if BUNDLED else set(FFMPEG))
    done, loaded = loads("check", *sandbox, "--depth", "header", IMAGE, VIDEO)
    assert done.returncode == 0 and loaded == (set() if BUNDLED else set(FFMPEG))
    done, loaded = loads("check", *sandbox, IMAGE, VIDEO)  # in this process only what the JPEG takes
    decoders = {"libjpeg"} if sandbox else set(DECODERS)
    assert done.returncode == 0 and loaded == (set() if BUNDLED else {*FFMPEG, *decoders})


def test_what_is_needed_is_loaded(loads):
    done, loaded = loads("tasks")
    assert done.returncode == 0 and loaded == set()  # there is no folder, so there are no records
    done, loaded = loads("check", "https://127.0.0.1:1/a.jpg", "https://127.0.0.1:1/a.mp4")
    assert done.returncode in (1, 3) and "libcurl" in loaded


@pytest.mark.parametrize("sandbox", [(), ("--no-sandbox",)])
def test_a_library_that_cannot_be_loaded_is_no_verdict_on_the_input(loads, sandbox):
    library, args = ("libcurl", ("https://127.0.0.1:1/a.mp4",)) if BUNDLED else ("libavcodec", (VIDEO,))
    done, _ = loads("check", *sandbox, IMAGE, *args, broken=library)
    assert done.returncode == 70 and library in done.stderr and "ACCEPT" not in done.stdout
