"""What comes of every fault at every endpoint: the one source of docs/faults.md and of test_fault_matrix.py, written
from what is promised and not from what was seen. Run it to renew the page: python3 tests/e2e/fault_table.py"""
import dataclasses
import pathlib
import sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "faults.md"


@dataclasses.dataclass(frozen=True)
class End:
    """How a command ends: the state of its record (None: it has none), its exit code, what the service's books say."""
    state: str
    code: int
    made: int = 0
    billed: int = 0
    owned: int = None  # how many of the tasks made have a record; None: all

    def __str__(self):
        tasks = {0: "no task", 1: "1 task"}.get(self.made, f"{self.made} tasks") if self.state else ""
        if self.billed != self.made and self.made:
            tasks += f", {self.billed or 'none'} billed"
        return ", ".join(filter(None, [self.state, f"**{self.code}**", tasks]))


DONE = End("done", 0, 1, 1)
UPLOADING_3, UPLOADING_4 = End("uploading", 3), End("uploading", 4)
REJECTED = End("rejected", 4)
UNCERTAIN = End("uncertain", 7)
SUBMITTED_4, SUBMITTED_5, SUBMITTED_6 = (End("submitted", code, 1, 1) for code in (4, 5, 6))
UNSETTLED = End("submitting", 7, 1, 1, owned=0)
DOWNLOADING_3, DOWNLOADING_4 = (End("downloading", code, 1, 1) for code in (3, 4))
BAD = End("succeeded", 5, 1, 1)
FAILED = End("failed", 5, 1, 0)
LISTED, UNLISTED_3, UNLISTED_4 = End(None, 0), End(None, 3), End(None, 4)
CANCELED, KEPT_3, KEPT_4 = End("canceled", 0, 1), End("submitted", 3, 1), End("submitted", 4, 1)


@dataclasses.dataclass(frozen=True)
class Row:
    action: str  # as a fault rule of the sandbox names it
    fault: str   # in words
    once: End = None    # it hits the first request of the endpoint alone
    stays: End = None   # it hits all
    why_not: str = ""   # instead of both: why it makes no sense here
    options: tuple = () # of the sandbox, instead of a rule; such a fault stays
    then: End = None    # the same command once the fault is gone; None: DONE, or what the section says


# Requests that a client may send again as often as it likes: what a fault means for all of these.
FINAL = (("400", "400"), ("401", "401"), ("403", "403"), ("404", "404"), ("409", "409"))
SLOW_DOWN = (("429", "429 without `Retry-After`"), ("429:retry-after=2", "429, `Retry-After` a number"),
             ("429:retry-date=3", "429, `Retry-After` a date"), ("429:retry-after=soon", "429, `Retry-After` nonsense"))
DOWN = (("503", "503"),)
BROKEN = (("408", "408"), ("500", "500"), ("502", "502 with an HTML page"), ("504", "504"),
          ("drop-before", "reset, nothing done"), ("hang", "no answer, nothing done"))
REFUSED = (("away", "connection refused"),)
DONE_ALL_THE_SAME = (("408:after", "408, though it was done"), ("500:after", "500, though it was done"),
                     ("502:after", "502 with an HTML page, though it was done"),
                     ("504:after", "504, though it was done"), ("drop-after", "reset after it was done"),
                     ("hang:after", "no answer, though it was done"))
DONE_UNHEARD = (("drop-after", "reset after it was done"),)
UNREADABLE = (("drip:1000", "a drip that takes minutes"), ("truncate:10", "cut after 10 bytes"),
              ("wrong-length:10", "a length that is too short"), ("wrong-length:900000", "a length that is too long"),
              ("garbage", "no JSON"), ("huge:2", "2 MiB of JSON"), ("deep", "JSON nested 100,000 deep"))
SLOW = (("drip:2", "a slow drip"), ("delay:300", "a late answer"))


def rows(faults, once, stays=None):
    return [Row(action, fault, once, stays or once) for action, fault in faults]


def missing(names, once, stays=None):
    return rows([("missing-field:" + name, f"without `{name}`") for name in names], once, stays)


def twice(names, once, stays=None):
    return rows([("twice:" + name, f"`{name}` twice") for name in names], once, stays)


def never(fault, why_not):
    return [Row("", fault, why_not=why_not)]


@dataclasses.dataclass(frozen=True)
class Section:
    endpoint: str
    title: str
    note: str
    rows: list
    command: str = "run"
    before: str = ""  # a fault rule that leads there
    then: End = DONE
    after: str = ""   # the request after whose answer connections are refused; "": the test makes one


POLICY = Section("policy", "Upload policy", "Asked for again, as the upload is, up to 8 times within 5 minutes.", [
    *rows(FINAL, UPLOADING_4),
    *rows(SLOW_DOWN, DONE, UPLOADING_4),
    *rows(DOWN + BROKEN + REFUSED + UNREADABLE + DONE_UNHEARD, DONE, UPLOADING_3),
    *rows(SLOW, DONE),
    *missing(("data", "policy", "signature", "upload_dir", "upload_host", "oss_access_key_id"), DONE, UPLOADING_3),
    *missing(("x_oss_object_acl", "x_oss_forbid_overwrite"), DONE, UPLOADING_4),
    *missing(("expire_in_seconds", "max_file_size_mb", "request_id"), DONE),
    *twice(("data", "policy", "upload_host"), DONE, UPLOADING_3),
    *never("unknown status, FAILED, expiry", "it answers no task; a policy that has expired is refused by the storage"),
])

UPLOAD = Section("upload", "Storage upload",
                 "Sent again up to 8 times within 5 minutes, each time under a new name; after a 403 with a new policy, of which at "
                 "most 3 are asked for.", [
    *rows((("400", "400"), ("401", "401"), ("404", "404")), UPLOADING_4),
    *rows((("403", "403"), ("expired", "403, the policy has expired"), ("409", "409, the name is taken")),
          DONE, UPLOADING_4),
    Row("", "policies that have expired on arrival", stays=UPLOADING_4, options=("--policy-lifetime", "0")),
    *rows(SLOW_DOWN, DONE, UPLOADING_4),
    *rows(DOWN + BROKEN + REFUSED + DONE_UNHEARD, DONE, UPLOADING_3),
    *rows((("wrong-length:900000", "a length that is too long"), ("huge:2", "2 MiB of JSON"),
           ("deep", "JSON nested 100,000 deep")), DONE, UPLOADING_3),
    *rows((("garbage", "an answer of nonsense"), ("delay:300", "a late answer")), DONE),
    *never("drips, cut answers", "the answer to an upload has no body"),
    *never("missing and duplicate members, unknown status", "the storage does not answer JSON"),
], after="policy@1")

CREATE = Section("create", "Create",
                 "A create whose fate is not known is looked for in the task list, and sent again only where two looks, "
                 "10 seconds apart, find none of ours; after 3 such creates a person decides (`--resubmit`). One that "
                 "surely made nothing is sent again up to 12 times within 10 minutes.", [
    *rows(FINAL, REJECTED),
    *rows(SLOW_DOWN, DONE, UPLOADING_4),
    *rows(DOWN + REFUSED, DONE, UPLOADING_3),
    *rows(BROKEN, DONE, UNCERTAIN),
    *rows(DONE_ALL_THE_SAME + UNREADABLE, DONE),
    *rows(SLOW, DONE),
    *missing(("output", "task_id", "task_status", "request_id"), DONE),
    *twice(("output", "task_id", "request_id"), DONE),
    *rows((("status:WAITING", "an unknown status"), ("status:UNKNOWN", "the status UNKNOWN")), DONE),
    Row("fails:InvalidVideo.NoHuman", "a task that fails", FAILED, FAILED, then=End("done", 0, 2, 1)),
], after="upload@2")

QUERY = Section("query", "Query",
                "The task goes on whatever a query comes to, so it is asked again until `--timeout` (here one minute).", [
    *rows(FINAL, SUBMITTED_4),
    *rows(SLOW_DOWN + DOWN + BROKEN + REFUSED + UNREADABLE + DONE_UNHEARD, DONE, SUBMITTED_6),
    *rows(SLOW, DONE),
    *missing(("output", "task_id", "task_status"), DONE, SUBMITTED_6),
    *missing(("results", "video_url"), DONE, SUBMITTED_5),
    *missing(("usage", "video_duration", "end_time", "submit_time", "request_id"), DONE),
    *twice(("output", "task_id", "task_status", "video_url"), DONE, SUBMITTED_6),
    *rows((("status:WAITING", "an unknown status"), ("status:SUSPENDED", "the status SUSPENDED")), DONE, SUBMITTED_6),
    Row("status:UNKNOWN", "the status UNKNOWN", DONE, End("expired", 5, 1, 1), then=End("done", 0, 2, 2)),
    Row("status:FAILED", "FAILED without a code", *[End("failed", 5, 1, 1)] * 2, then=End("done", 0, 2, 2)),
    Row("status:CANCELED", "the status CANCELED", *[End("canceled", 5, 1, 1)] * 2, then=End("done", 0, 2, 2)),
    Row("", "a task that is UNKNOWN for good", stays=End("expired", 5, 1, 0), options=("--outcome", "UNKNOWN")),
    *never("FAILED with a code", "see [the codes](#error-codes)"),
], after="create@1")

LIST = Section("list", "List, to settle a create whose answer was lost",
               "Asked again up to 6 times within 2 minutes. Where the list cannot be had the create stays unsettled, and "
               "the same command settles it later.", [
    *rows(FINAL, UNSETTLED),
    *rows(SLOW_DOWN + DOWN + BROKEN + UNREADABLE + DONE_UNHEARD, DONE, UNSETTLED),
    *rows(SLOW, DONE),
    *missing(("data", "task_id"), DONE, UNSETTLED),
    *missing(("status", "model_name", "gmt_create", "request_id", "total", "total_page"), DONE),
    *twice(("data", "task_id", "total_page"), DONE, UNSETTLED),
    *rows((("status:WAITING", "an unknown status"),), DONE),
    Row("empty", "a list that lags behind, by one look or by more", DONE, End("done", 0, 2, 2, owned=1)),
    *never("connection refused", "as `tasks --remote` has it below: one code asks for both"),
], before="create@1=drop-after")

REMOTE = Section("list", "List, for `tasks --remote`", "Asked again up to 6 times within 2 minutes. It keeps no record.", [
    *rows(FINAL, UNLISTED_4),
    *rows(SLOW_DOWN, LISTED, UNLISTED_4),
    *rows(DOWN + BROKEN + REFUSED + UNREADABLE + DONE_UNHEARD, LISTED, UNLISTED_3),
    *rows(SLOW, LISTED),
    *missing(("data", "task_id"), LISTED, UNLISTED_3),
    *missing(("status", "model_name", "gmt_create", "request_id", "total", "total_page"), LISTED),
    *twice(("data", "task_id"), LISTED, UNLISTED_3),
    *rows((("status:WAITING", "an unknown status"), ("empty", "an empty list")), LISTED),
], command="tasks", then=LISTED)

CANCEL = Section("cancel", "Cancel",
                 "Sent again up to 6 times within 2 minutes: what is cancelled stays so. After a refusal the task is "
                 "looked at, since an earlier attempt may have got through.", [
    *rows(FINAL, KEPT_4),
    *rows((("400:after", "400, though it was done"),), CANCELED),
    *rows(SLOW_DOWN, CANCELED, KEPT_4),
    *rows(DOWN + BROKEN + REFUSED, CANCELED, KEPT_3),
    *rows(DONE_ALL_THE_SAME, CANCELED, KEPT_3),
    *rows((("drip:1000", "a drip that takes minutes"), ("truncate:10", "cut after 10 bytes"),
           ("wrong-length:900000", "a length that is too long"), ("huge:2", "2 MiB of JSON")), CANCELED, KEPT_3),
    *rows((("wrong-length:10", "a length that is too short"), ("garbage", "no JSON"),
           ("deep", "JSON nested 100,000 deep")), CANCELED),
    *rows(SLOW, CANCELED),
    *missing(("request_id",), CANCELED),
    *twice(("request_id",), CANCELED),
    *never("unknown status", "its answer is the status 200 alone"),
], command="cancel", then=CANCELED, after="query@1")

DOWNLOAD = Section("download", "Result download",
                   "Continued by range, up to 6 times in a row without 64 KiB of progress. A URL that is refused is asked "
                   "for anew, twice. A result that is no video is kept as `.bad` and fetched once more.", [
    *rows((("400", "400"), ("409", "409")), DOWNLOADING_4),
    *rows((("401", "401"), ("403", "403"), ("404", "404"), ("expired", "403, the URL has expired")),
          DONE, DOWNLOADING_3),
    Row("", "URLs that have expired on arrival", stays=DOWNLOADING_3, options=("--url-lifetime", "0")),
    *rows(SLOW_DOWN, DONE, DOWNLOADING_4),
    *rows(DOWN + BROKEN + REFUSED + DONE_UNHEARD, DONE, DOWNLOADING_3),
    *rows((("truncate:1000", "cut after 1,000 bytes"), ("wrong-length:900000", "a length that is too long")),
          DONE, DOWNLOADING_3),
    *rows((("drip:100", "a drip of less than 1 KB/s"),), DONE, DOWNLOADING_3),
    *rows((("truncate:100000", "cut after every 100,000 bytes"), ("delay:300", "a late answer")), DONE),
    *rows((("wrong-length:1000", "a length that is too short"), ("garbage", "no video"), ("huge:2", "2 MiB of JSON"),
           ("deep", "JSON nested 100,000 deep")), DONE, BAD),
    *never("missing and duplicate members, unknown status", "a result is no JSON"),
], after="query@1")

SECTIONS = [POLICY, UPLOAD, CREATE, QUERY, LIST, REMOTE, CANCEL, DOWNLOAD]


def then_of(section, row):
    """How the same command ends once the fault is gone; None where it is not run again."""
    if row.options or not row.stays or row.stays.code == 0:
        return None
    return row.then or section.then


HEAD = """<!-- Made by tests/e2e/fault_table.py; to renew it: python3 tests/e2e/fault_table.py -->

# Faults

What comes of every fault that the service, or what lies between, can have: the state of the job's record, the **exit
code**, and the tasks that the service made and billed. Every row of the tables runs in the tests, with the real programs:
`wanprep run` (`cancel`, `tasks --remote` where that is said) against `wanprep-sandbox`, whose rule (`ENDPOINT@1=ACTION`
once, `ENDPOINT=ACTION` for as long as it lasts) stands beside the fault. The tests also see to it that the record owns
the task, that the result is what was served, that no file is left over, and that the key is in no output.

Once a fault that lasted is gone, the same command ends with the result, and with one task made in all. Where a task had
failed, or was not known any more, it makes another one; where it is *uncertain* whether there is a task, only
`--resubmit` does.

One row pays twice, as a lost answer and a wrong one came together: the task list does not know of a task for longer than
10 seconds, while the answer to its create was lost.
"""

CODES = """
## Error codes

| where | what | end |
|---|---|---|
| create, 4xx | a code of throttling or quota (`Throttling…`, `LimitRequests`, …, `insufficient_quota`) | sent again: quota 3 times, throttling up to 12 times; then uploading, **4** |
| create, 4xx | `InternalError…`, `SystemError`, `ModelServiceFailed`, `RequestTimeOut` and their like | it may have made a task: settled |
| create, 4xx | every other code, and one that is not known | rejected, **4**, no task, with the code as it came |
| create, 500 | any code | it may have made a task: settled |
| create, 503 | any code | sent again up to 12 times; then uploading, **3** |
| query, 4xx | throttling, quota, `InternalError…` and their like, `ModelUnavailable`, `ModelServingError` | asked again; submitted, **6** when `--timeout` is over |
| query, 4xx | every other code, and one that is not known | submitted, **4** |
| query, 5xx | any code | asked again; submitted, **6** when `--timeout` is over |
| FAILED task | any code | failed, **5**, nothing billed, with the code as it came and advice where it is known |

What a code means is told by `wanprep explain --code CODE`.
"""


def page():
    out = [HEAD]
    for section in SECTIONS:
        out.append(f"\n## {section.title}\n\n{section.note}\n\n| fault | rule | once | for as long as it lasts |\n"
                   "|---|---|---|---|\n")
        for row in section.rows:
            if row.why_not:
                out.append(f"| {row.fault} | | makes no sense: {row.why_not} | |\n")
            else:
                rule = " ".join(row.options) or ("away" if row.action == "away" else row.action)
                out.append(f"| {row.fault} | `{rule}` | {row.once or ''} | {row.stays} |\n")
    out.append(CODES)
    return "".join(out)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    PAGE.write_text(page(), encoding="utf-8")
