"""How `wanprep batch` ends when something is in its way, and what people see of it."""
import re
import signal

import pytest

from batches import QUICK, ROOT, VIDEO, batch, creates, manifest, person, results, statuses
from emulator import Emulator
from terminal import at_terminal


# How it ends


def test_fail_fast_sends_nothing_if_a_row_is_rejected(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), (VIDEO, VIDEO)])
    rows, summary = batch(wanprep, "--fail-fast", name, code=1)
    assert statuses(rows) == ["INTERRUPTED", "REJECTED"] and "results" not in summary
    assert not service.requests()
    batch(wanprep, name, code=1)
    assert len(creates(service)) == 1


def test_fail_fast_submits_nothing_more_once_a_create_is_refused(wanprep, emulate, tmp_path):
    service = emulate("--fault", "create@2=400")
    rows, _ = batch(wanprep, "--fail-fast", manifest(tmp_path, 5), code=4)
    seen = statuses(rows)
    assert sorted(seen) == ["INTERRUPTED"] * 3 + ["OK", "REFUSED"] and len(creates(service)) == 2


def test_fail_fast_submits_nothing_more_once_a_task_failed(wanprep, emulate, tmp_path):
    service = emulate("--outcome", "FAILED", "--fault", "create=delay:200")
    rows, _ = batch(wanprep, "--fail-fast", manifest(tmp_path, 40), code=5)
    seen = statuses(rows)
    assert set(seen) == {"TASK_FAILED", "INTERRUPTED"} and len(creates(service)) == seen.count("TASK_FAILED") < 40
    assert all("task_id" not in row for row in rows.values() if row["status"] == "INTERRUPTED")


def test_without_a_key_nothing_is_begun(wanprep, emulate, tmp_path):
    service = emulate()
    del wanprep.env["DASHSCOPE_API_KEY"]
    _, summary = batch(wanprep, manifest(tmp_path, 1), code=4)
    assert summary["status"] == "NO_KEY" and not service.requests() and not (tmp_path / "output").exists()


def test_results_that_cannot_be_written_are_70_and_nothing_is_spent(wanprep, emulate, tmp_path):
    service = emulate()
    name = manifest(tmp_path, 1)
    _, summary = batch(wanprep, "--results", "none/results.csv", name, code=70)
    assert summary["status"] == "OUTPUT" and "none/results.csv" in summary["message"]
    (tmp_path / "output").write_text("a file in the way")
    batch(wanprep, name, code=70)
    assert not service.requests()


def test_results_that_did_not_fit_are_70_and_the_rest_is_told(wanprep, emulate, tmp_path):
    emulate()
    rows, summary = batch(wanprep, "--results", "/dev/full", manifest(tmp_path, 2), code=70)
    assert statuses(rows) == ["OK", "OK"] and "/dev/full" in summary["message"] and "results" not in summary


@pytest.mark.parametrize("spelling", ["person-0.jpg", "./person-0.jpg", "link.jpg", "dance.mp4"])
def test_results_do_not_take_the_place_of_an_input(wanprep, emulate, tmp_path, spelling):
    service = emulate()
    (tmp_path / "dance.mp4").write_bytes(VIDEO.read_bytes())
    name = manifest(tmp_path, [(person(tmp_path, 0), "dance.mp4")])
    (tmp_path / "link.jpg").hardlink_to(tmp_path / "person-0.jpg")
    done = wanprep("batch", "--json", "--results", spelling, name)
    assert (done.returncode, done.stdout) == (2, "") and "input" in done.stderr
    assert (tmp_path / "dance.mp4").read_bytes() == VIDEO.read_bytes() and not service.requests()


def test_a_closed_pipe_ends_it(wanprep, emulate, tmp_path):
    service = emulate("--fault", "create=delay:200")
    process = wanprep.start("batch", "--json", *QUICK, manifest(tmp_path, 40))
    process.stdout.readline()
    process.stdout.close()
    process.stderr.read()
    assert process.wait(timeout=60) == 70
    assert len(service.tasks) < 40


def test_the_worst_row_gives_the_exit_code(wanprep, emulate, tmp_path):
    emulate("--fault", "create@1=400")
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), ("none.jpg", VIDEO), (VIDEO, VIDEO)])
    rows, summary = batch(wanprep, name, code=4)
    assert statuses(rows) == ["REFUSED", "INPUT", "REJECTED"] and summary["status"] == "REFUSED"


@pytest.mark.parametrize("text, args", [
    ("", []), ("image,video\n", []), ("image,movie\na,b\n", []), ("image,video,watermrk\na,b,true\n", []),
    ("a.jpg,b.mp4\n", []), (None, []),
    ("image,video\na,b\n", ["--max-cost", "-1"]), ("image,video\na,b\n", ["--workers", "0"]),
    ("image,video\na,b\n", ["--workers", "65"]), ("image,video\na,b\n", ["--results="]),
    ("image,video\na,b\n", ["--base-url", "http://example.com/api/v1"]), ("image,video\na,b\n", ["another.csv"]),
])
def test_usage_errors(wanprep, tmp_path, text, args):
    wanprep.env["DASHSCOPE_API_KEY"] = Emulator.KEY
    if text is not None:
        (tmp_path / "m.csv").write_text(text)
    done = wanprep("batch", "--json", *args, "m.csv")
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.startswith("wanprep: ")
    assert not (tmp_path / "output").exists()


# For people


def test_text_tells_what_came_of_it(wanprep, emulate, tmp_path):
    emulate("--running", "200")
    name = manifest(tmp_path, [(person(tmp_path, 0), VIDEO), (VIDEO, VIDEO), (person(tmp_path, 1), VIDEO)])
    done = wanprep("batch", *QUICK, name)
    assert done.returncode == 1
    assert "row 2: image.format" in done.stdout and "2 done, 1 rejected" in done.stdout
    assert "2.56 CNY" in done.stdout and "pairs.results.csv" in done.stdout
    for number in (1, 3):
        assert re.search(rf"^row {number}: task ", done.stderr, re.M)
        assert re.search(rf"^row {number}: done: output/.*mp4$", done.stderr, re.M)
    assert "\r" not in done.stderr and "\x1b" not in done.stderr + done.stdout


def test_quiet_prints_the_paths_of_the_videos_in_the_order_of_the_rows(wanprep, emulate, tmp_path):
    emulate()
    done = wanprep("batch", "-q", *QUICK, manifest(tmp_path, 3))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [row["result"] for row in results(tmp_path)]


class Screen:
    """As much of a terminal as is needed: text, line breaks, back to the line's begin, up, and erase to the end."""

    def __init__(self):
        self.lines = [""]
        self.row = self.column = 0

    @property
    def text(self):
        return "\n".join(self.lines)

    def feed(self, text):
        for part in re.findall(r"\x1b\[(?:\d*)[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                self.lines += [""] * (self.row + 1 - len(self.lines))
            elif part.startswith("\x1b["):
                count, action = int(part[2:-1] or 1), part[-1]
                if action == "A":
                    self.row -= count
                    assert self.row >= 0
                elif action in "JK":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                    if action == "J":
                        del self.lines[self.row + 1:]
                else:
                    raise AssertionError(f"unknown sequence {part!r}")
            else:
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[:self.column] + part + line[self.column + len(part):]
                self.column += len(part)


def tables(seen, text):
    """The tables that were drawn and hold a text, each as its lines."""
    drawn = re.findall(r"(?:\x1b\[J|^)((?:[^\x1b\n]*\n)+)", seen.replace("\r", ""), re.M)
    return [table.splitlines() for table in drawn if text in table]


@pytest.mark.parametrize("size", [(24, 80), (10, 40)])
def test_the_table_fits_the_terminal_and_is_gone_in_the_end(wanprep, emulate, tmp_path, size):
    emulate("--running", "700")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 6), size=size)
    assert ended == 0
    drawn = tables(seen, "running")
    assert drawn and any(re.match(r"\d dance", line) for table in drawn for line in table)
    assert all(len(table) < size[0] and max(map(len, table)) < size[1] for table in drawn)
    assert not re.search(r"\x1b\[[\d;]*m", seen)  # no colours
    screen = Screen()
    screen.feed(seen)
    assert screen.text.startswith("6 rows: 6 done\n") and "queue" not in screen.text


def test_the_table_follows_the_size_of_the_terminal(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 6),
                              steps=[(3, (8, 45)), (6, (30, 100)), (9, signal.SIGINT)])
    assert ended == 130
    widths = [max(map(len, table)) for table in tables(seen, "of 6 done")]
    # One that was being drawn just then may still have the size before.
    assert set(widths[:3]) == {79} and set(widths[5:6]) == {44} and set(widths[8:9]) == {99}


def test_ctrl_c_leaves_a_clean_terminal(wanprep, emulate, tmp_path):
    emulate("--running", "60s")
    ended, seen = at_terminal(wanprep, "batch", "-y", *QUICK, manifest(tmp_path, 3), steps=[(1, signal.SIGINT)])
    assert ended == 130
    screen = Screen()
    screen.feed(seen)
    assert screen.text.startswith("3 rows: ") and "running" not in screen.text and "same command" in screen.text


@pytest.mark.parametrize("answer, code", [(b"n\n", 1), (b"\x04", 1), (b"y\n", 0)])
def test_it_asks_once_with_the_sum(wanprep, emulate, tmp_path, answer, code):
    service = emulate()
    ended, seen = at_terminal(wanprep, "batch", *QUICK, manifest(tmp_path, 3), answer=answer)
    assert ended == code and seen.count("[y/N]") == 1 and "3.60 CNY" in seen and "3 tasks" in seen
    assert len(creates(service)) == (3 if code == 0 else 0)
    assert (tmp_path / "output" / ROOT / "pairs.results.csv").exists() == (code == 0)
