"""What is installed is enough: the programs, and the library for a C program that knows only pkg-config."""
import os
import pathlib
import shlex
import subprocess

import pytest

from conftest import BIN, FIXTURES

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <wanprep/wanprep.h>

int main(int count, char **argv)
{
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct wp_preflight *preflight = malloc(sizeof *preflight);
    struct wp_error error;
    if (count != 3 || !preflight || wp_preflight_run(preflight, argv[1], argv[2], &options, &error) != WP_OK)
        return 9;
    puts(preflight->verdict == WP_VERDICT_ACCEPT ? "accept" : "reject");
    free(preflight);
    return 0;
}
"""


def do(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    do("cmake", "--install", BIN.parent, "--prefix", folder)
    return folder


def test_a_c_program_is_built_with_the_library(prefix, tmp_path):
    [described] = prefix.rglob("wanprep.pc")
    flags = do("pkg-config", "--cflags", "--libs", "wanprep", env=dict(os.environ, PKG_CONFIG_PATH=str(described.parent)))
    (tmp_path / "app.c").write_text(PROGRAM)
    do("cc", "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "app.c", *shlex.split(flags), "-o", "app", cwd=tmp_path)
    image, video = FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4"
    assert do(tmp_path / "app", image, video) == "accept\n"
    assert do(tmp_path / "app", video, video) == "reject\n"


def test_the_installed_programs_do_the_whole_job(prefix, tmp_path):
    said = do(prefix / "bin" / "wanprep-sandbox", "--", prefix / "bin" / "wanprep", "run", "-q", "-o", tmp_path / "out",
              FIXTURES / "images" / "person.jpg", FIXTURES / "videos" / "dance.mp4")
    assert pathlib.Path(said.rstrip("\n")).is_file()


def test_what_the_readme_leads_to_is_installed(prefix):
    [readme] = prefix.rglob("README.md")
    for name in ("docs/rules.md", "docs/check.schema.json", "docs/run.schema.json", "docs/sandbox.md", "LICENSE"):
        assert (readme.parent / name).is_file(), name
    assert (prefix / "share" / "man" / "man1" / "wanprep.1").is_file()
