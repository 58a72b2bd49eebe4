"""Every command of the README runs, and says what the README says."""
import os
import pathlib
import re
import subprocess

import pytest

BIN = pathlib.Path(os.environ["WANPREP_BIN"])
ROOT = pathlib.Path(os.environ["WANPREP_FIXTURES"]).parent
README = (ROOT / "README.md").read_text()


def commands():
    blocks = re.findall(r"```sh\n(.*?)```", README, re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("wanprep")]


def test_the_six_examples_are_found():
    assert len(commands()) == 6


@pytest.mark.parametrize("command", commands())
def test_the_command_runs(command, tmp_path):
    environment = dict(os.environ, PATH=f"{BIN}:{os.environ['PATH']}", HOME=str(tmp_path))
    command = command.replace("build/", f"{tmp_path}/")
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_the_two_commands_are_what_the_project_has():
    scripts = re.findall(r"```sh\n(.ci/setup && cmake --workflow --preset \w+)\n```", README)
    presets = (ROOT / "CMakePresets.json").read_text()
    assert len(scripts) == 2
    for script in scripts:
        name = script.split()[-1]
        assert re.search(rf'"name": "{name}", "steps"', presets)
    assert scripts[1] in (ROOT / ".ci/run").read_text()


def test_exit_codes_are_those_of_the_status_list():
    text = (ROOT / "include/wanprep/status.def").read_text()
    listed = {int(code) for code in re.findall(r"^WP_STATUS\(\w+, \d+, (\d+),", text, re.M)}
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.M)}
    assert shown == listed
