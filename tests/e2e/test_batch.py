"""`wanprep batch` against the local emulator: what comes of the rows, what is sent and what it costs."""
import hashlib
import json
import os
import signal
import time

import pytest

from batches import (OURS, QUICK, ROOT, VIDEO, batch, creates, files_of, lines_of, manifest, person, results, statuses,
                     stop_after_one)


# What comes of the rows


def test_bad_rows_never_stop_the_others(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, "first", ""), (VIDEO, VIDEO, "no picture", ""),
                               ("none.jpg", VIDEO, "not there", ""), ("", VIDEO, "no image", ""), ("a.jpg", VIDEO),
                               (person(tmp_path, 1), VIDEO, "mode", "wan-max"), (person(tmp_path, 2), VIDEO, "last", "")],
                    header=("image", "video", "note", "mode"))
    rows, summary = batch(wanprep, name, code=3)
    wanted = ["OK", "REJECTED", "INPUT", "INPUT", "INPUT", "INPUT", "OK"]
    assert statuses(rows) == wanted
    assert [rows[number]["line"] for number in sorted(rows)] == [2, 3, 4, 5, 6, 7, 8]
    assert summary["counts"] == {"OK": 2, "REJECTED": 1, "INPUT": 4} and summary["rows"] == 7
    assert rows[2]["preflight"]["verdict"] == "reject" and "preflight" not in rows[1]
    assert rows[1]["video"] != rows[7]["video"]
    kept = results(tmp_path)
    assert list(kept[0]) == ["image", "video", "note", "mode", *OURS]
    assert [row["status"] for row in kept] == wanted
    assert [row["note"] for row in kept] == ["first", "no picture", "not there", "no image", "", "mode", "last"]
    assert kept[1]["code"] == "image.format" and kept[1]["message"] and kept[4]["message"].startswith("line 6: ")
    assert (tmp_path / kept[0]["result"]).is_file() and kept[0]["task_id"] in kept[0]["result"]
    assert (kept[0]["billed_seconds"], kept[0]["amount"]) == ("3.20", "1.28")
    assert len(creates(service)) == 2 and summary["results"] == f"output/{ROOT}/pairs.results.csv"
    assert summary["billed"] == {"currency": "CNY", "amount": 2.56}


def test_json_lines_keep_the_members_of_the_row(wanprep, emulate, tmp_path):
    emulate()
    lines = [f'{{"id": 12345678901234567890, "image": "{person(tmp_path, 0)}", "video": "{VIDEO}", "tags": ["a"]}}',
             f'{{"video": "{VIDEO}", "id": 2}}', "nonsense"]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines))
    rows, _ = batch(wanprep, "--results", "what came.jsonl", "pairs.jsonl", code=3)
    assert statuses(rows) == ["OK", "INPUT", "INPUT"]
    kept = [json.loads(line) for line in (tmp_path / "what came.jsonl").read_text().splitlines()]
    assert kept[0]["id"] == 12345678901234567890 and kept[0]["tags"] == ["a"] and kept[0]["video"] == str(VIDEO)
    assert list(kept[0])[4:] == ["status", "state", "task_id", "result", "billed_seconds", "amount"]
    assert kept[1]["id"] == 2 and kept[1]["status"] == "INPUT" and kept[2]["message"]
    assert not (tmp_path / "output" / ROOT / "pairs.results.jsonl").exists()


def test_a_row_whose_option_is_misspelled_is_not_sent(wanprep, emulate, tmp_path):
    service = emulate()
    pairs = [{"image": person(tmp_path, i), "video": str(VIDEO), **more}
             for i, more in enumerate([{"watermrk": True}, {"mark": True}])]
    (tmp_path / "pairs.jsonl").write_text("\n".join(map(json.dumps, pairs)))
    rows, _ = batch(wanprep, "pairs.jsonl", code=3)
    assert statuses(rows) == ["INPUT", "OK"] and "watermark" in rows[1]["message"] and len(creates(service)) == 1


def test_rows_have_options_of_their_own(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, "wan-pro", "true", "false"),
                               (person(tmp_path, 1), VIDEO, "", "", ""),
                               (person(tmp_path, 2), VIDEO, "wan-std", "false", "true")],
                    header=("image", "video", "mode", "watermark", "check_image"))
    rows, _ = batch(wanprep, "--mode", "wan-pro", "--watermark", name, code=0)
    assert [rows[i]["cost"]["mode"] for i in (1, 2, 3)] == ["wan-pro", "wan-pro", "wan-std"]
    sent = sorted((c.json["parameters"]["mode"], c.json["input"]["watermark"], c.json["parameters"]["check_image"])
                  for c in creates(service))
    assert sent == [("wan-pro", True, False), ("wan-pro", True, True), ("wan-std", False, True)]


def test_paths_are_those_of_the_manifests_folder(wanprep, emulate, tmp_path):
    emulate()
    (tmp_path / "set").mkdir()
    manifest(tmp_path / "set", 1)
    rows, summary = batch(wanprep, "-o", "elsewhere", "set/pairs.csv", code=0)
    assert rows[1]["inputs"]["image"] == "set/person-0.jpg"
    assert summary["results"] == f"elsewhere/{ROOT}/pairs.results.csv"
    assert results(tmp_path, summary["results"])[0]["image"] == "person-0.jpg"


def test_tasks_that_go_on_are_money_that_is_reserved(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    _, summary = batch(wanprep, "--timeout", "1s", "--skip-preflight", manifest(tmp_path, 2), code=6)
    assert summary["billed"]["amount"] == 0 and summary["reserved"]["amount"] == 24
    text = wanprep("batch", "--timeout", "1s", "--skip-preflight", *QUICK, "pairs.csv").stdout
    assert "24.00 CNY" in text and "2 timed out" in text


def test_what_differs_from_what_was_foreseen_is_told(wanprep, emulate, tmp_path):
    emulate("--seconds", "9000")
    rows, _ = batch(wanprep, manifest(tmp_path, 1), code=0)
    [kept] = results(tmp_path)
    assert kept["status"] == "OK" and kept["amount"] == "3.60"
    assert "billed_seconds" in {note["about"] for note in rows[1]["notes"]}
    assert all(note["message"] in kept["message"] for note in rows[1]["notes"])


def test_a_failed_task_is_told_and_tried_anew(wanprep, emulate, tmp_path):
    emulate("--outcome", "FAILED")
    name = manifest(tmp_path, 2)
    rows, _ = batch(wanprep, name, code=5)
    assert statuses(rows) == ["TASK_FAILED"] * 2 and rows[1]["code"] == "InvalidVideo.NoHuman"
    assert results(tmp_path)[0]["code"] == "InvalidVideo.NoHuman" and results(tmp_path)[0]["state"] == "failed"
    service = emulate()
    batch(wanprep, name, code=0)
    assert len(creates(service)) == 2


# Nothing is paid twice


def test_the_same_command_again_makes_no_task(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 4)
    first, _ = batch(wanprep, name, code=0)
    kept = (tmp_path / "output" / ROOT / "pairs.results.csv").read_bytes()
    again, summary = batch(wanprep, name, code=0)
    assert all(again[i]["joined"] and again[i]["task_id"] == first[i]["task_id"] for i in first)
    assert len(creates(service)) == 4 and summary["billed"]["amount"] == 5.12
    assert (tmp_path / "output" / ROOT / "pairs.results.csv").read_bytes() == kept
    batch(wanprep, "--force", name, code=0)
    assert len(creates(service)) == 8


def test_a_pair_that_stands_twice_is_one_task(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    one, other = person(tmp_path, 0), person(tmp_path, 1)
    rows, summary = batch(wanprep, manifest(tmp_path, [(one, VIDEO), (other, VIDEO), (one, VIDEO)]), code=0)
    assert len(creates(service)) == 2 and rows[1]["task_id"] == rows[3]["task_id"] != rows[2]["task_id"]
    assert rows[3]["joined"] is True and summary["counts"] == {"OK": 3}
    assert summary["billed"]["amount"] == 2.56


def test_a_results_file_is_a_manifest(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 2)
    batch(wanprep, "--results", name, name, code=0)
    once = (tmp_path / name).read_bytes()
    batch(wanprep, "--results", name, name, code=0)
    assert (tmp_path / name).read_bytes() == once and len(creates(service)) == 2
    assert list(results(tmp_path, name)[0]) == ["image", "video", *OURS]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_or_killed_the_same_command_carries_on(wanprep, emulate, tmp_path, number):
    service = emulate("--running", "300")
    name = manifest(tmp_path, 6)
    process = wanprep.start("batch", *QUICK, name)
    said = stop_after_one(process, number)
    if number != signal.SIGKILL:
        assert process.returncode == 130 and "same command" in said
        seen = [row["status"] for row in results(tmp_path)]
        assert seen.count("OK") >= 1 and set(seen) <= {"OK", "INTERRUPTED"} and "INTERRUPTED" in seen
    rows, _ = batch(wanprep, name, code=0)
    assert len(service.tasks) == 6 and {row["task_id"] for row in rows.values()} == {t["task_id"] for t in service.tasks}
    assert [row["status"] for row in results(tmp_path)] == ["OK"] * 6
    left = [path.name for path in (tmp_path / "output" / ROOT).rglob("*") if path.suffix in (".part", ".tmp")]
    assert not left


def test_what_was_done_before_stays_done_when_it_is_interrupted(wanprep, emulate, tmp_path):
    """Also where it stands behind rows that hold all who could begin."""
    service = emulate("--fault", "upload@7-=hang")
    done = [(person(tmp_path, i), VIDEO) for i in range(3)]
    batch(wanprep, manifest(tmp_path, done), code=0)
    name = manifest(tmp_path, [(person(tmp_path, i), VIDEO) for i in range(3, 9)] + done)
    process = wanprep.start("batch", *QUICK, name)
    while service.books()["counts"].get("upload", 0) < 6 + 4:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) and process.returncode == 130
    kept = results(tmp_path)
    assert [row["status"] for row in kept] == ["INTERRUPTED"] * 6 + ["OK"] * 3
    assert all(row["state"] == "done" and row["result"] for row in kept[6:])


def test_what_was_done_before_stays_done_when_there_was_no_time_to_read_it(wanprep, emulate, tmp_path):
    """By its name, if it is the same file still."""
    emulate()
    done = [(person(tmp_path, i), VIDEO) for i in range(3)]
    batch(wanprep, manifest(tmp_path, done), code=0)
    with open(tmp_path / "endless.mp4", "wb") as file:
        file.truncate(1 << 40)
    other = (tmp_path / done[1][0]).read_bytes()
    (tmp_path / done[1][0]).write_bytes(other)
    name = manifest(tmp_path, [(done[0][0], "endless.mp4"), *done, (person(tmp_path, 3), VIDEO)])
    process = wanprep.start("batch", "--skip-preflight", *QUICK, name)
    while not any(os.path.realpath(link).endswith("endless.mp4") for link in files_of(process)):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) and process.returncode == 130
    kept = results(tmp_path)
    assert [row["status"] for row in kept] == ["INTERRUPTED", "OK", "INTERRUPTED", "OK", "INTERRUPTED"]
    assert [row["state"] for row in kept] == ["", "done", "", "done", ""] and kept[1]["result"]


def test_downloads_that_must_wait_hold_nobody_up(wanprep, emulate, tmp_path):
    """Twice as many are told to come back later as there are threads; all others go by."""
    service = emulate("--fault", "download@1-8=429:retry-after=10")
    batch(wanprep, manifest(tmp_path, 14), code=0)
    seen = [(request.status, request.target.split("?")[0]) for request in service.requests("download")]
    late, others = seen[:8], seen[8:14]
    assert [status for status, _ in late] == [429] * 8 and [status for status, _ in others] == [200] * 6
    assert len({target for _, target in late + others}) == 14
    assert sorted(seen[14:]) == sorted((200, target) for _, target in late)


def test_two_at_a_time_make_each_task_once(wanprep, emulate, tmp_path):
    service = emulate("--running", "50")
    name = manifest(tmp_path, 8)
    processes = [wanprep.start("batch", "--json", *QUICK, "--results", f"{i}.csv", name) for i in range(2)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (out, err)
        assert statuses(lines_of(out, 0)[0]) == ["OK"] * 8
    assert len(service.tasks) == 8


def test_two_hundred_rows(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 200)
    rows, summary = batch(wanprep, name, code=0)
    assert len(rows) == len(service.tasks) == len({row["task_id"] for row in rows.values()}) == 200
    digest = service.books()["result_sha256"]
    for row in rows.values():
        assert hashlib.sha256((tmp_path / row["video"]).read_bytes()).hexdigest() == digest
    assert summary["billed"]["amount"] == 256


# Money


def test_max_cost_holds_at_both_ends_and_counts_what_is_done(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")  # so that what is reserved counts
    name = manifest(tmp_path, 3)
    rows, summary = batch(wanprep, "--max-cost", "3.599", name, code=1)
    assert statuses(rows) == ["OK", "OK", "TOO_EXPENSIVE"] and len(creates(service)) == 2
    assert summary["max_cost"]["amount"] == 3.599
    # Two were billed at 1.28 each, and the third is estimated at 1.20.
    rows, _ = batch(wanprep, "--max-cost", "3.759", name, code=1)
    assert statuses(rows) == ["OK", "OK", "TOO_EXPENSIVE"] and len(creates(service)) == 2
    rows, _ = batch(wanprep, "--max-cost", "3.76", name, code=0)
    assert len(creates(service)) == 3


def test_max_cost_may_be_all_of_it(wanprep, emulate, tmp_path):
    service = emulate("--running", "300")
    batch(wanprep, "--max-cost", "3.6", manifest(tmp_path, 3), code=0)
    assert len(creates(service)) == 3


def test_a_dry_run_sends_nothing(wanprep, emulate, tmp_path):
    service = emulate()
    del wanprep.env["DASHSCOPE_API_KEY"]
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO, ""), (VIDEO, VIDEO, ""), (person(tmp_path, 1), VIDEO, "wan-pro")],
                    header=("image", "video", "mode"))
    before = sorted(tmp_path.iterdir())
    rows, summary = batch(wanprep, "--dry-run", name, code=1)
    assert statuses(rows) == ["OK", "REJECTED", "OK"] and summary["dry_run"] is True
    assert summary["cost"] == {"currency": "CNY", "amount": 3.0, "at_most": False} and "results" not in summary
    rows, _ = batch(wanprep, "--dry-run", "--max-cost", "2.999", name, code=1)
    assert statuses(rows) == ["OK", "REJECTED", "TOO_EXPENSIVE"]
    text = wanprep("batch", "--dry-run", name)
    assert "3.00 CNY" in text.stdout and "image.format" in text.stdout
    assert not service.requests() and sorted(tmp_path.iterdir()) == before


def test_without_the_preflight_a_row_costs_what_the_longest_does(wanprep, tmp_path):
    name = manifest(tmp_path, [("https://example.com/a.jpg", "https://example.com/b.mp4")] * 2)
    _, summary = batch(wanprep, "--skip-preflight", "--dry-run", name, code=0)
    assert summary["cost"] == {"currency": "CNY", "amount": 24.0, "at_most": True}
