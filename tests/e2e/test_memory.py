"""Want of memory, wherever it comes: `check` never crashes and never accepts by mistake. The allocations are counted
in one process, so the probes must run in it, too."""
import json
import pathlib
import subprocess

from conftest import FIXTURES

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
SOURCE = pathlib.Path(__file__).with_name("fail_allocation.c")
STEP = 5


def facts(text):
    document = json.loads(text)
    document.pop("elapsed_ms")
    return document


def test_every_failing_allocation(wanprep, tmp_path):
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", "fail.so", SOURCE], cwd=tmp_path, check=True)
    counted = tmp_path / "counted"
    wanprep.env.update(LD_PRELOAD=str(tmp_path / "fail.so"), ALLOCATIONS=str(counted), FAIL_AT="0")
    good = wanprep.json("check", "--no-sandbox", "--workers", "1", "--json", IMAGE, VIDEO)
    good.pop("elapsed_ms")
    seen = set()
    for number in range(1, int(counted.read_text()) + 1, STEP):
        wanprep.env["FAIL_AT"] = str(number)
        done = wanprep("check", "--no-sandbox", "--workers", "1", "--json", IMAGE, VIDEO)
        seen.add(done.returncode)
        assert done.returncode in (0, 1, 70), (number, done.returncode, done.stderr)
        if done.returncode == 0:
            assert facts(done.stdout) == good, number
        elif done.returncode == 70:
            assert done.stdout == "" and done.stderr, number
        else:
            assert facts(done.stdout)["verdict"] == "reject", number
    assert 70 in seen
