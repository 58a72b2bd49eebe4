"""What holds for every command: help, usage errors, and output that cannot be written."""
import os
import re
import subprocess

import pytest

from conftest import WANPREP

COMMANDS = re.findall(r"^  ([a-z]+) ", subprocess.run([WANPREP], stderr=subprocess.PIPE, text=True).stderr, re.M)


def test_no_arguments_is_a_usage_error_with_the_commands_on_stderr(wanprep):
    done = wanprep()
    assert done.returncode == 2
    assert done.stdout == ""
    assert "usage: wanprep" in done.stderr and "version" in COMMANDS and "help" in COMMANDS


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["help"]])
def test_overview_lists_every_command(wanprep, args):
    done = wanprep(*args)
    assert (done.returncode, done.stderr) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command}\b", done.stdout, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(wanprep, command):
    done = wanprep(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: wanprep {command}")
    assert wanprep("help", command).stdout == done.stdout
    assert wanprep(command, "-h").stdout == done.stdout


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_fits_the_screen(wanprep, command):
    text = wanprep(*([command] if command else []), "--help").stdout
    assert max(map(len, text.splitlines())) <= 100
    assert not re.search(r"[ \t]$", text, re.M)


def test_version(wanprep):
    assert re.fullmatch(r"wanprep \d+\.\d+\.\d+\n", wanprep("version").stdout)
    assert wanprep("--version").stdout == wanprep("version").stdout
    version = wanprep.json("version", "--json")["version"]
    assert wanprep("version").stdout == f"wanprep {version}\n"


@pytest.mark.parametrize("args, names", [
    (["hlp"], ["hlp", "did you mean help"]),
    (["frobnicate"], ["frobnicate"]),
    (["--frobnicate"], ["--frobnicate"]),
    (["version", "--jsn"], ["--jsn", "did you mean --json"]),
    (["version", "-Z"], ["-Z"]),
    (["version", "-qZ"], ["-Z"]),
    (["version", "--json=yes"], ["--json=yes"]),
    (["version", "extra"], ["version"]),
    (["help", "nothing"], ["nothing"]),
    (["help", "help", "help"], ["help"]),
])
def test_usage_errors_are_one_line_that_names_the_culprit(wanprep, args, names):
    done = wanprep(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    for name in names:
        assert name in done.stderr


def test_control_bytes_of_an_argument_do_not_reach_the_terminal(wanprep):
    done = wanprep("\x1b[31mred\x07")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr and "\x07" not in done.stderr


@pytest.mark.parametrize("args", [["version"], ["version", "--json"], ["--help"], ["help", "version"]])
def test_full_disk_is_never_success(wanprep, args):
    with open("/dev/full", "w") as full:
        done = wanprep(*args, stdout=full)
    assert done.returncode == 70
    assert done.stderr


def test_closed_standard_output_is_never_success(wanprep):
    done = subprocess.run(["sh", "-c", 'exec "$0" version >&-', WANPREP], stderr=subprocess.PIPE)
    assert done.returncode == 70


def test_broken_pipe_is_an_error_and_no_silent_death(wanprep):
    reader, writer = os.pipe()
    os.close(reader)  # before there is anybody who could write
    done = wanprep("help", stdout=writer)
    os.close(writer)
    assert done.returncode == 70


def test_everything_closed_still_ends_in_good_order(wanprep):
    done = subprocess.run(["sh", "-c", 'exec "$0" version <&- >&- 2>&-', WANPREP])
    assert done.returncode == 70
