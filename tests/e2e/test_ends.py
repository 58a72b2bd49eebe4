"""How a command ends that is interrupted while a create is out: the first signal waits for its answer, a second does not."""
import signal

import pytest

from batches import QUICK, VIDEO, manifest, person, wait_for

COMMANDS = ["run", "submit", "batch"]


def words(command, folder):
    """The command, for one pair of its own."""
    if command == "batch":
        return ["batch", "--yes", *QUICK, manifest(folder, 1)]
    return [command, "--yes", *(QUICK if command == "run" else ()), person(folder, 0), VIDEO]


def begin(wanprep, service, line):
    """Starts it and returns it as soon as its create is out."""
    process = wanprep.start(*line)
    wait_for(lambda: service.books()["counts"].get("create", 0) == 1)
    return process


@pytest.mark.parametrize("command", COMMANDS)
def test_a_create_that_is_out_is_waited_for_and_its_task_recorded(wanprep, emulate, tmp_path, command):
    service = emulate("--fault", "create@1=delay:2000", "--running", "60s")
    process = begin(wanprep, service, words(command, tmp_path))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (0 if command == "submit" else 130), err
    assert len(service.tasks) == 1 and service.tasks[0]["task_id"] in wanprep("tasks").stdout


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault, made", [("hang:after", 1), ("hang", 0)])
def test_a_second_signal_ends_it_and_the_next_time_the_list_tells(wanprep, emulate, tmp_path, command, fault, made):
    service = emulate("--fault", f"create@1={fault}")
    line = words(command, tmp_path)
    process = begin(wanprep, service, line)
    process.send_signal(signal.SIGINT)
    with pytest.raises(Exception, match="timed out"):
        process.wait(timeout=1)  # the create is out
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 130 and len(service.tasks) == made
    done = wanprep(*line)
    assert done.returncode == 0, done.stderr
    assert len(service.tasks) == 1 and service.requests("list")
