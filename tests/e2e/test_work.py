"""`wanprep work`: jobs that others have planned, in an output folder and in PostgreSQL."""
import signal

from batches import QUICK, ROOT, VIDEO, batch, lines_of, manifest, results, statuses, stop_after_one, wait_for
from test_postgres import Machine, server, store  # noqa: F401 (fixtures)


def work(wanprep, *args, code=0):
    done = wanprep("work", "--json", *QUICK, *args)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return lines_of(done.stdout, code)


def test_a_worker_finishes_what_a_batch_left(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    stop_after_one(process, signal.SIGINT)
    planned = len([row for row in results(tmp_path) if row["state"] not in ("", "done")])
    rows, summary = work(wanprep, "--drain")
    assert planned and summary["counts"] == {"OK": planned} and len(rows) == planned
    assert all((tmp_path / row["video"]).is_file() for row in rows.values())
    batch(wanprep, name, code=0)
    assert len(service.tasks) == 6


def test_a_worker_with_nothing_to_do_drains_at_once(wanprep, emulate):
    emulate()
    _, summary = work(wanprep, "--drain")
    assert summary["rows"] == 0 and summary["counts"] == {}


def test_a_worker_waits_for_jobs_and_carries_on_those_of_a_batch_that_was_killed(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    worker = wanprep.start("work", "--json", "-q", *QUICK)
    wait_for((tmp_path / "output" / ROOT / "wanprep.db").exists)
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    stop_after_one(process, signal.SIGKILL)
    wait_for(lambda: len(list((tmp_path / "output" / ROOT / "videos").glob("*.mp4"))) == 6)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)
    assert worker.returncode == 130, err
    rows, _ = lines_of(out, 130)
    assert "OK" in statuses(rows) and set(statuses(rows)) <= {"OK", "INTERRUPTED"}
    assert all(row["inputs"]["video"] == str(VIDEO) for row in rows.values() if row["status"] == "OK")
    batch(wanprep, name, code=0)
    assert len(service.tasks) == 6


# Beyond one machine


def on_shared_storage(tmp_path, service, store, name):
    machine = Machine(tmp_path, name, service, store)
    machine.shared = tmp_path / "shared"
    return machine


def start(machine, command, *args):
    return machine.start(command, "--store", machine.store, "-o", machine.shared, *QUICK, *args)


def test_workers_on_other_machines_share_the_queue_of_a_batch(emulate, tmp_path, store):
    service = emulate("--running", "100")
    here, *others = [on_shared_storage(tmp_path, service, store, name) for name in "abc"]
    name = manifest(here.folder, 12)
    workers = [start(other, "work", "--json", "-q") for other in others]
    process = start(here, "batch", "--json", "-q", name)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, (out, err)
    rows = lines_of(out, 0)[0]
    assert len(service.tasks) == 12 == len({row["task_id"] for row in rows.values()})
    assert len(list((here.shared / ROOT / "videos").glob("*.mp4"))) == 12
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        out, err = worker.communicate(timeout=60)
        assert worker.returncode == 130, err
        lines_of(out, 130)


def test_a_worker_on_another_machine_carries_on_the_jobs_of_one_that_died(emulate, tmp_path, store):
    service = emulate("--running", "300")
    here, there = [on_shared_storage(tmp_path, service, store, name) for name in "ab"]
    name = manifest(here.folder, 6)
    stop_after_one(start(here, "batch", name), signal.SIGKILL)
    store.let_leases_run_out()
    done = there("work", "--drain", "--json", "--store", there.store, "-o", there.shared, *QUICK)
    assert done.returncode == 0, done.stderr
    assert len(list((here.shared / ROOT / "videos").glob("*.mp4"))) == 6
    again = here("batch", "--json", "--store", here.store, "-o", here.shared, *QUICK, name)
    assert again.returncode == 0 and statuses(lines_of(again.stdout, 0)[0]) == ["OK"] * 6
    assert len(service.tasks) == 6
