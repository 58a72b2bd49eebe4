"""Every row of docs/faults.md, through the real binaries."""
import os

import pytest

import fault_table
from fault_scene import Case, assert_as, play_all

# Where a fault that lasts ends as one that passes, it is played as the one that lasts.
CASES = [Case(section, row, stays) for section in fault_table.SECTIONS for row in section.rows
         for stays in (False, True) if (row.stays if stays else row.once != row.stays and row.once)]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    only = os.environ.get("FAULTS", "")  # for whoever works on some of them
    return play_all([case for case in CASES if only in case.name], tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault(played, case):
    if case.name not in played:
        pytest.skip("not among FAULTS")
    first, then = played[case.name].result()
    assert_as(first, case.end)
    if case.row.action:
        assert first.faults > 0, "the fault was not met"
    if then:
        assert_as(then, case.then)


def test_every_case_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_page_is_up_to_date():
    assert fault_table.PAGE.read_text(encoding="utf-8") == fault_table.page()
