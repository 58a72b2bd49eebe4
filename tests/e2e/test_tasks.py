"""The rest of a task's life: submit, wait, status, download, cancel, tasks and resume, against the local emulator."""
import datetime
import json
import os
import signal
import subprocess
import time

import pytest

from conftest import FIXTURES, validate
from sandbox_client import Client

IMAGE = FIXTURES / "images" / "person.jpg"
VIDEO = FIXTURES / "videos" / "dance.mp4"
QUICK = ("--poll-interval", "100ms")
ROOT = "output/aliyun-wan-animate-move"
ON_TASKS = ("wait", "status", "download", "cancel")


def submit(wanprep, *args, pair=(IMAGE, VIDEO)):
    """The id that is alone on standard output."""
    done = wanprep("submit", "--yes", "--skip-preflight", *args, *pair)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return done.stdout.strip()


def documents(wanprep, *args, code=0):
    """Runs a command with --json, wants this exit code and documents by the schema."""
    done = wanprep(args[0], "--json", *args[1:])
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for each in found:
        validate(each, "task.schema.json")
    return found


def document(wanprep, *args, code=0):
    [one] = documents(wanprep, *args, code=code)
    if args[0] not in ("tasks",):
        assert one["exit_code"] == code
    return one


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.01)


# submit


def test_submit_prints_the_id_alone_as_soon_as_it_is_durable(wanprep, emulate):
    service = emulate("--pending", "60s")
    done = wanprep("submit", "--yes", IMAGE, VIDEO)
    assert done.returncode == 0
    assert done.stdout == service.tasks[0]["task_id"] + "\n"
    assert "ACCEPT" in done.stderr and not service.requests("query")
    again = wanprep("submit", "-q", "--yes", IMAGE, VIDEO)
    assert (again.stdout, again.stderr) == (done.stdout, "")
    assert len(service.requests("create")) == 1


def test_submit_as_a_document(wanprep, emulate):
    service = emulate("--pending", "60s")
    found = wanprep.json("submit", "--json", "--yes", IMAGE, VIDEO)
    validate(found, "run.schema.json")
    assert found["state"] == "submitted" and found["task_id"] == service.tasks[0]["task_id"]
    assert "video" not in found and found["preflight"]["verdict"] == "accept"


def test_a_rejected_pair_is_not_submitted_and_prints_no_id(wanprep, emulate):
    service = emulate()
    done = wanprep("submit", "--yes", VIDEO, VIDEO)
    assert done.returncode == 1 and done.stdout == "" and "image.format" in done.stderr
    assert not service.requests()


@pytest.mark.parametrize("fault, code", [("create@1-=400", 4), ("policy@1-=401", 4), ("create@1=drop-after", 0)])
def test_submit_against_faults(wanprep, emulate, fault, code):
    service = emulate("--fault", fault, "--pending", "60s")
    done = wanprep("submit", "--yes", "--skip-preflight", IMAGE, VIDEO)
    assert done.returncode == code
    assert bool(done.stdout) == (code == 0)
    assert len(service.tasks) == (1 if code == 0 else 0)


def test_submit_of_a_lost_create_that_cannot_be_settled_is_7(wanprep, emulate):
    service = emulate("--fault", "create@1=drop-after", "--fault", "list@1-=403", "--pending", "60s")
    done = wanprep("submit", "--yes", "--skip-preflight", IMAGE, VIDEO)
    assert (done.returncode, done.stdout) == (7, "")
    assert wanprep("submit", "--yes", "--skip-preflight", IMAGE, VIDEO).returncode == 7
    assert len(service.requests("create")) == 1


def test_run_carries_on_what_was_submitted(wanprep, emulate):
    service = emulate("--running", "300")
    task = submit(wanprep)
    found = wanprep.json("run", "--json", "--yes", *QUICK, IMAGE, VIDEO)
    assert found["task_id"] == task and found["joined"] is True
    assert len(service.requests("create")) == 1


# wait, status, download


def test_status_asks_and_download_waits_for_nothing(wanprep, emulate):
    service = emulate("--pending", "60s")
    task = submit(wanprep)
    done = wanprep("status", task)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{task} PENDING\n", "")
    assert len(service.requests("query")) == 1
    found = document(wanprep, "download", task, code=6)
    assert found["task_status"] == "PENDING" and found["state"] == "submitted"


def test_from_submit_to_the_video(wanprep, emulate):
    service = emulate("--pending", "300", "--running", "300")
    task = submit(wanprep)
    done = wanprep("wait", *QUICK, task)
    assert (done.returncode, done.stdout) == (0, f"{task} SUCCEEDED\n")
    assert not service.requests("download")
    done = wanprep("download", task)
    assert (done.returncode, done.stdout) == (0, f"{ROOT}/videos/{task}.mp4\n")
    assert (wanprep.folder / done.stdout.strip()).stat().st_size > 1000
    assert wanprep("download", task).stdout == done.stdout
    assert len(service.requests("download")) == 1
    assert document(wanprep, "wait", task)["state"] == "done"


def test_a_task_made_elsewhere_can_be_waited_for_and_downloaded(wanprep, emulate):
    service = emulate("--running", "300")
    task = Client(service).task()
    found = document(wanprep, "wait", *QUICK, task)
    assert found["state"] == "succeeded" and "inputs" not in found
    found = document(wanprep, "download", task)
    assert found["state"] == "done" and found["video"] == f"{ROOT}/videos/{task}.mp4"
    answer = json.loads((wanprep.folder / found["evidence"]["answer"]).read_text())
    assert answer["output"]["task_status"] == "SUCCEEDED"
    [listed] = documents(wanprep, "tasks")
    assert listed["task_id"] == task


@pytest.mark.parametrize("command", ON_TASKS)
def test_an_unknown_id_is_5_and_leaves_nothing(wanprep, emulate, command):
    service = emulate()
    found = document(wanprep, command, *(QUICK if command == "wait" else ()), "no-such-task", code=5)
    assert found["status"] == "TASK_EXPIRED" and found["task_status"] == "UNKNOWN" and "state" not in found
    assert documents(wanprep, "tasks") == []
    assert not service.requests("cancel")


@pytest.mark.parametrize("command", ON_TASKS)
@pytest.mark.parametrize("word", ["", "../x", ".hidden", "a b", "a/b", "x" * 128])
def test_what_is_no_id_is_a_usage_error_before_anything_is_asked(wanprep, emulate, command, word):
    service = emulate()
    done = wanprep(command, "--json", "good-id", word)
    assert (done.returncode, done.stdout) == (2, "") and "task id" in done.stderr
    assert not service.requests() and not (wanprep.folder / "output").exists()


@pytest.mark.parametrize("command", ON_TASKS)
def test_at_least_one_task_is_named(wanprep, command):
    assert wanprep(command).returncode == 2


@pytest.mark.parametrize("outcome, state", [("FAILED", "failed"), ("CANCELED", "canceled"), ("UNKNOWN", "expired")])
def test_a_task_that_does_not_succeed(wanprep, emulate, outcome, state):
    emulate("--outcome", outcome, "--running", "100")
    task = submit(wanprep)
    found = document(wanprep, "wait", *QUICK, task, code=5)
    assert found["state"] == state and found["message"]
    if outcome == "FAILED":
        assert found["code"] == "InvalidVideo.NoHuman"
    assert document(wanprep, "status", task, code=5 if outcome == "UNKNOWN" else 0)["task_status"] == outcome
    assert document(wanprep, "download", task, code=5)["state"] == state


def test_many_tasks_have_one_outcome_each_and_the_worst_together(wanprep, emulate):
    service = emulate("--running", "100")
    client = Client(service)
    tasks = [client.task(), "no-such-task", client.task()]
    found = documents(wanprep, "wait", *QUICK, *tasks, code=5)
    assert [each["task_id"] for each in found] == tasks
    assert [each["status"] for each in found] == ["OK", "TASK_EXPIRED", "OK"]
    done = wanprep("download", *tasks)
    assert done.returncode == 5
    assert done.stdout == "".join(f"{ROOT}/videos/{task}.mp4\n" for task in (tasks[0], tasks[2]))


def test_the_time_is_that_of_all_tasks_together(wanprep, emulate):
    service = emulate("--pending", "60s")
    client = Client(service)
    tasks = [client.task() for _ in range(5)]
    begin = time.monotonic()
    found = documents(wanprep, "wait", *QUICK, "--timeout", "1s", *tasks, code=6)
    assert [each["status"] for each in found] == ["TIMEOUT"] * 5
    assert all(each["task_status"] == "PENDING" for each in found)
    assert time.monotonic() - begin < 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_waiting_not_the_task(wanprep, emulate, number):
    emulate("--pending", "1500")
    task = submit(wanprep)
    process = wanprep.start("wait", *QUICK, "--json", task, "another")
    for line in process.stderr:
        if "PENDING" in line:
            break
    process.send_signal(number)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    [line] = said.splitlines()  # the second task is not asked for
    found = json.loads(line)
    validate(found, "task.schema.json")
    assert found["status"] == "INTERRUPTED" and found["task_id"] == task and "carries on" in complained
    assert wanprep("wait", *QUICK, task).returncode == 0


def test_a_task_that_a_run_waits_for(wanprep, emulate):
    service = emulate("--pending", "60s")
    process = wanprep.start("run", "--yes", "--skip-preflight", *QUICK, IMAGE, VIDEO)
    wait_for(lambda: service.books()["counts"].get("query", 0) >= 1)
    task = service.tasks[0]["task_id"]
    assert document(wanprep, "status", task)["task_status"] == "PENDING"
    assert document(wanprep, "wait", "--timeout", "1s", task, code=6)["status"] == "TIMEOUT"
    assert document(wanprep, "cancel", task)["task_status"] == "CANCELED"
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 5 and "cancelled" in said


@pytest.mark.parametrize("fault, command, code", [
    ("query@1=500", "status", 0), ("query@1=429:retry-after=1", "status", 0), ("query@1=garbage", "status", 0),
    ("query@1-=401", "status", 4), ("query@1-=401", "wait", 4), ("query@1-=401", "download", 4),
    ("cancel@1=drop-after", "cancel", 0), ("cancel@1=503", "cancel", 0), ("cancel@1-=401", "cancel", 4),
])
def test_faults(wanprep, emulate, fault, command, code):
    service = emulate("--pending", "60s", "--fault", fault)
    task = submit(wanprep)
    found = document(wanprep, command, *(QUICK if command == "wait" else ()), task, code=code)
    assert found["task_id"] == task
    assert service.KEY not in json.dumps(found)


def test_a_result_that_is_no_video_is_5(wanprep, emulate, tmp_path):
    page = tmp_path / "page.mp4"
    page.write_text("<!DOCTYPE html><html><body>sorry</body></html>" * 100)
    emulate("--video", page)
    task = submit(wanprep)
    assert document(wanprep, "download", task, code=5)["status"] == "BAD_RESULT"


def test_a_service_that_cannot_be_reached_is_3_and_no_key_is_4(wanprep, emulate):
    emulate("--pending", "60s")
    task = submit(wanprep)
    del wanprep.env["DASHSCOPE_API_KEY"]
    done = wanprep("status", task)
    assert done.returncode == 4 and "DASHSCOPE_API_KEY" in done.stderr


def test_a_task_of_another_service_is_told_and_not_asked_for(wanprep, emulate):
    first = emulate("--pending", "60s")
    task = submit(wanprep)
    second = emulate()
    found = document(wanprep, "wait", task, code=4)
    assert found["status"] == "NO_KEY" and first.url in found["message"]
    assert not second.requests()
    assert document(wanprep, "status", "--base-url", first.url, task)["task_status"] == "PENDING"


# What came of it


def test_the_result_is_measured_and_compared(wanprep, emulate):
    emulate("--seconds", "4s")
    found = wanprep.json("run", "--json", "--yes", "--mode", "wan-pro", *QUICK, IMAGE, VIDEO)
    validate(found, "run.schema.json")
    assert found["result"] == {"width": 704, "height": 1258, "frame_rate": 15, "duration": pytest.approx(3.2)}
    assert [(note["about"], note["expected"], note["actual"]) for note in found["notes"]] == [
        ("billed_seconds", 3, 4), ("billed_seconds", pytest.approx(3.2), 4), ("frame_rate", 25, 15)]
    [listed] = documents(wanprep, "tasks")  # all of it is kept
    assert (listed["result"], listed["notes"]) == (found["result"], found["notes"])
    assert (listed["predicted"]["amount"], listed["billed"]["amount"]) == (1.8, 2.4)
    log = (wanprep.folder / found["evidence"]["log"]).read_text()
    assert all(note["message"] in log for note in found["notes"])
    text = wanprep("run", "--yes", "--mode", "wan-pro", IMAGE, VIDEO).stdout
    assert "704x1258" in text and text.count("\nnote ") == 3


def test_a_download_tells_what_is_not_as_expected(wanprep, emulate):
    emulate("--seconds", "4s")
    task = wanprep("submit", "--yes", IMAGE, VIDEO).stdout.strip()
    done = wanprep("download", task)
    assert done.stdout.count("\n") == 1 and done.stderr.count("note: ") == 2
    assert wanprep("download", "-q", task).stderr == ""


def test_times_are_told_and_a_result_expires_a_day_after_its_task_has_ended(wanprep, emulate):
    emulate()
    task = submit(wanprep)
    found = document(wanprep, "wait", *QUICK, task)
    times = [datetime.datetime.fromisoformat(found[name].replace("Z", "+00:00"))
             for name in ("scheduled", "ended", "expires")]
    assert abs(times[0] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5)
    assert times[2] - times[1] == datetime.timedelta(hours=24)
    assert " 23 h " in wanprep("tasks").stdout
    assert wanprep("download", task).returncode == 0
    assert " 23 h " not in wanprep("tasks").stdout  # it is here


# cancel


def test_a_pending_task_is_cancelled_and_costs_nothing(wanprep, emulate):
    service = emulate("--pending", "60s")
    task = submit(wanprep)
    done = wanprep("cancel", task)
    assert (done.returncode, done.stdout) == (0, f"{task} CANCELED\n")
    assert wanprep("cancel", task).returncode == 0
    assert wanprep("wait", task).returncode == 5
    assert service.books()["billed_seconds"] == 0
    assert submit(wanprep) != task  # the same pair is a new task then


def test_a_running_task_is_not_cancelled_and_the_refusal_says_why(wanprep, emulate):
    emulate("--running", "60s")
    task = submit(wanprep)
    found = document(wanprep, "cancel", task, code=4)
    assert found["status"] == "REFUSED" and found["state"] == "submitted"
    assert "RUNNING" in found["message"] and "PENDING" in found["message"]


# tasks


def test_the_list_of_a_folder_that_is_not_there_is_empty_and_makes_none(wanprep):
    done = wanprep("tasks")
    assert (done.returncode, done.stdout) == (0, "")
    assert documents(wanprep, "tasks", "-o", "elsewhere") == []
    assert list(wanprep.folder.iterdir()) == []


def test_the_list_puts_first_what_waits_to_be_fetched(wanprep, emulate):
    service = emulate()
    done = submit(wanprep)
    assert wanprep("download", done).returncode == 0
    fetchable = submit(wanprep, "--watermark")
    assert wanprep("wait", *QUICK, fetchable).returncode == 0
    emulate("--pending", "60s")
    wanprep.env["DASHSCOPE_BASE_URL"], later = service.url, wanprep.env["DASHSCOPE_BASE_URL"]
    pending = submit(wanprep, "--base-url", later)
    del wanprep.env["DASHSCOPE_API_KEY"]  # it asks nobody
    found = documents(wanprep, "tasks")
    assert [each["task_id"] for each in found] == [fetchable, pending, done]
    assert [each["state"] for each in found] == ["succeeded", "submitted", "done"]
    assert found[2]["billed"]["amount"] > 0 and found[2]["video"].endswith(".mp4")
    assert found[0]["inputs"] == {"image": str(IMAGE), "video": str(VIDEO), "mode": "wan-std"}
    lines = wanprep("tasks").stdout.splitlines()
    assert len(lines) == 4 and [line.split()[0] for line in lines[1:]] == ["succeeded", "submitted", "done"]


def test_the_list_goes_into_a_pipe_that_closes(wanprep, emulate):
    emulate("--pending", "60s")
    submit(wanprep)
    reader, writer = os.pipe()
    os.close(reader)
    done = wanprep("tasks", stdout=writer)
    os.close(writer)
    assert done.returncode == 70


def test_the_services_list(wanprep, emulate):
    service = emulate("--pending", "60s")
    ours = submit(wanprep)
    theirs = Client(service).task()
    found = {each["task_id"]: each for each in documents(wanprep, "tasks", "--remote")}
    assert set(found) == {ours, theirs}
    assert found[ours]["ours"] is True and found[ours]["state"] == "submitted"
    assert found[theirs]["ours"] is False and "state" not in found[theirs]
    text = wanprep("tasks", "--remote", "-o", "elsewhere").stdout
    assert ours in text and theirs in text and "submitted" not in text
    assert not (wanprep.folder / "elsewhere").exists()


def test_the_services_list_is_read_to_its_end_but_not_for_ever(wanprep, emulate):
    service = emulate("--pending", "60s", "--result-shape", "flat")
    client = Client(service)
    tasks = {client.task() for _ in range(250)}
    found = documents(wanprep, "tasks", "--remote")
    assert {each["task_id"] for each in found} == tasks and len(found) == 250
    assert len(service.requests("list")) == 3


@pytest.mark.parametrize("fault, code", [("list@1=503", 0), ("list@1-=401", 4), ("list@1=garbage", 0)])
def test_the_services_list_against_faults(wanprep, emulate, fault, code):
    emulate("--fault", fault)
    assert wanprep("tasks", "--remote").returncode == code


# resume


def rows_of(text, code):
    """Lines by the schema: those of the jobs, and the summary."""
    *rows, summary = [json.loads(line) for line in text.splitlines()]
    for line in [*rows, summary]:
        validate(line, "batch.schema.json")
    assert summary["kind"] == "summary" and summary["exit_code"] == code
    return rows, summary


def resumed(wanprep, *args, code):
    done = wanprep("resume", "--json", *QUICK, *args)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return rows_of(done.stdout, code)


def test_resume_carries_everything_on(wanprep, emulate):
    service = emulate("--running", "200")
    tasks = [submit(wanprep), submit(wanprep, "--watermark"), submit(wanprep, "--no-check-image")]
    rows, summary = resumed(wanprep, code=0)
    assert sorted(row["task_id"] for row in rows) == sorted(tasks) and summary["rows"] == 3
    for row in rows:
        assert row["joined"] is True and (wanprep.folder / row["video"]).is_file()
    assert len(service.requests("create")) == 3
    done = wanprep("resume", *QUICK)
    assert (done.returncode, done.stdout) == (0, "") and "nothing is unfinished" in done.stderr


def test_resume_of_what_was_killed_before_its_task_was_made(wanprep, emulate):
    service = emulate("--fault", "upload@2=delay:5000")
    process = wanprep.start("run", "--yes", "--skip-preflight", *QUICK, IMAGE, VIDEO)
    wait_for(lambda: service.books()["counts"].get("upload", 0) >= 2)
    process.kill()
    process.communicate()
    [row], _ = resumed(wanprep, code=0)
    assert row["state"] == "done" and len(service.tasks) == 1


def test_resume_has_the_worst_of_all_outcomes(wanprep, emulate):
    emulate("--fault", "create@2=drop-after", "--fault", "list@1-=403", "--running", "100")
    task = submit(wanprep)
    assert wanprep("submit", "--yes", "--skip-preflight", "--watermark", IMAGE, VIDEO).returncode == 7
    rows, summary = resumed(wanprep, code=7)
    assert {row["status"]: row.get("task_id") for row in rows} == {"OK": task, "UNCERTAIN": None}
    assert summary["status"] == "UNCERTAIN" and summary["counts"] == {"OK": 1, "UNCERTAIN": 1}


def test_resume_does_all_at_the_same_time(wanprep, emulate):
    """The first in line does not end before the others have."""
    service = emulate("--running", "200", "--fault", "download@1=429:retry-after=8")
    for args in (), ("--watermark",), ("--no-check-image",), ("--mode", "wan-pro"):
        submit(wanprep, *args)
    rows, _ = resumed(wanprep, code=0)
    assert len(rows) == 4 and [request.status for request in service.requests("download")] == [429, 200, 200, 200, 200]
    assert service.requests("download")[0].target.split("?")[0] == service.requests("download")[4].target.split("?")[0]


def test_resume_stops_at_a_signal(wanprep, emulate):
    service = emulate("--pending", "60s")
    tasks = [submit(wanprep), submit(wanprep, "--watermark")]
    process = wanprep.start("resume", *QUICK, "--json")
    wait_for(lambda: len({request.target for request in service.requests("query")}) == 2)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    rows, summary = rows_of(said, 130)
    assert process.returncode == 130 and summary["status"] == "INTERRUPTED"
    assert sorted((row["status"], row["task_id"]) for row in rows) == sorted(("INTERRUPTED", task) for task in tasks)


def test_resume_fails_fast(wanprep, emulate):
    service = emulate("--fault", "upload@1-3=400", "--fault", "create@1=400")
    for args in (), ("--watermark",), ("--no-check-image",):
        assert wanprep("submit", "--yes", "--skip-preflight", *args, IMAGE, VIDEO).returncode == 4
    rows, _ = resumed(wanprep, "--fail-fast", code=4)
    assert sorted(row["status"] for row in rows) == ["INTERRUPTED", "INTERRUPTED", "REFUSED"]
    assert len(service.requests("create")) == 1


def test_resume_leaves_the_jobs_of_another_service(wanprep, emulate):
    emulate("--pending", "60s")
    submit(wanprep)
    other = emulate()
    [row], _ = resumed(wanprep, code=4)
    assert row["status"] == "NO_KEY" and "--base-url" in row["message"] and not other.requests("query")


@pytest.mark.parametrize("command", ["submit", "tasks", "resume", *ON_TASKS])
def test_help(wanprep, command):
    done = wanprep(command, "--help")
    assert done.returncode == 0 and f"wanprep {command}" in done.stdout and "--output-dir" in done.stdout


@pytest.mark.parametrize("command", ["tasks", "resume"])
def test_operands_where_none_belong(wanprep, command):
    assert wanprep(command, "task").returncode == 2


def test_files_are_private(wanprep, emulate):
    service = emulate()
    os.umask(0o022)
    task = Client(service).task()
    assert wanprep("download", task).returncode == 0
    found = subprocess.run(["find", "output", "-perm", "/077"], cwd=wanprep.folder, capture_output=True, text=True,
                           check=True)
    assert found.stdout == ""
