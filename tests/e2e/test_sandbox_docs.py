"""Every command of docs/sandbox.md runs, each block in a folder of its own."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

BIN = pathlib.Path(os.environ["WANPREP_BIN"])
FIXTURES = pathlib.Path(os.environ["WANPREP_FIXTURES"])
PAGE = (FIXTURES.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.S)


def test_there_are_blocks():
    assert len(BLOCKS) > 5


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_runs(block, tmp_path):
    shutil.copy(FIXTURES / "images" / "person.jpg", tmp_path)
    shutil.copy(FIXTURES / "videos" / "dance.mp4", tmp_path)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DASHSCOPE_", "OUTPUT_DIR"))}
    env.update(PATH=f"{BIN}:{env['PATH']}", HOME=str(tmp_path))
    done = subprocess.run(["sh", "-euc", block], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=240,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
