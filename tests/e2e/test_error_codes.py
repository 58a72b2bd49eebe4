"""Every error code of the service: at a create, at a query, and as the code of a FAILED task. What is expected was written
from the service's documents, apart from the catalogue of src/dashscope."""
import pathlib
import re

import pytest

from fault_scene import Case, assert_as, play_all
from fault_table import (FAILED, REJECTED, SUBMITTED_4, SUBMITTED_6, UNCERTAIN, UPLOADING_3, UPLOADING_4, Row,
                         Section)

CATALOGUE = pathlib.Path(__file__).resolve().parents[2] / "src" / "dashscope" / "catalogue.c"

# What a code means, by its HTTP status, while it is all that the service says: how a create ends and after how many
# requests, and how a query does; a query that may be repeated is, until the time is up.
FINAL = (REJECTED, 1, SUBMITTED_4)
THROTTLED = (UPLOADING_4, 12, SUBMITTED_6)
QUOTA = (UPLOADING_4, 3, SUBMITTED_6)
SERVER = (UNCERTAIN, 3, SUBMITTED_6)  # it may have made a task: looked for in the list before each further create
UNAVAILABLE = (UPLOADING_3, 12, SUBMITTED_6)

EXPECTED = [
    (401, FINAL, "InvalidApiKey invalid_api_key"),
    (403, FINAL, "AccessDenied AccessDenied.Unpurchased Model.AccessDenied Workspace.AccessDenied "
                 "AllocationQuota.FreeTierOnly"),
    (400, FINAL, "Arrearage PrepaidBillOverdue PostpaidBillOverdue CommodityNotPurchased"),
    (429, FINAL, "Arrearage PrepaidBillOverdue PostpaidBillOverdue CommodityNotPurchased"),
    (429, THROTTLED, "Throttling Throttling.RateQuota LimitRequests limit_requests Throttling.BurstRate "
                     "limit_burst_rate Throttling.Concurrency Throttling.OfANewKind"),
    (429, QUOTA, "Throttling.AllocationQuota insufficient_quota"),
    (400, FINAL, "InvalidParameter InvalidParameter.OfANewKind BadRequest.OfANewKind InvalidURL InvalidURL.OfANewKind "
                 "UnsupportedOperation"),
    (404, FINAL, "ModelNotFound model_not_found"),
    (400, FINAL, "InvalidParameter.DataInspection InvalidURL.Timeout InvalidURL.ConnectionRefused "
                 "BadRequest.InputDownloadFailed"),
    (400, FINAL, "DataInspectionFailed IPInfringementSuspect FaqRuleBlocked CustomRoleBlocked"),
    (400, FINAL, "InvalidFile.Size InvalidFile.Format InvalidFile.Resolution InvalidFile.AspectRatio "
                 "InvalidFile.Duration InvalidFile.FPS InvalidFile.Openerror InvalidFile.OfANewKind"),
    (400, FINAL, "InvalidVideo.NoHuman InvalidVideo.FullFace InvalidVideo.FrontBody InvalidVideo.Resolution "
                 "InvalidVideo.Duration InvalidVideo.OfANewKind InvalidImage.NoHuman InvalidImage.FrontBody "
                 "InvalidImage.Resolution InvalidImage.OfANewKind InvalidImage.NoHumanFace"),
    (400, FINAL, "InvalidFile.NoHuman InvalidFile.MultiHuman InvalidFile.BodyProportion InvalidFile.FacePose "
                 "InvalidFile.FullFace InvalidFile.FrontBody InvalidFile.FullBody InvalidFile.BodyPose "
                 "InvalidFile.Value InvalidFile.Content InvalidPerson"),
    (500, SERVER, "InternalError internal_error InternalError.Algo InternalError.Timeout InternalError.Upload "
                  "InternalError.FileUpload InternalError.OfANewKind SystemError ModelServiceFailed RequestTimeOut"),
    (503, UNAVAILABLE, "ModelUnavailable ModelServingError"),
    # Codes that nobody has heard of.
    (400, FINAL, "OfANewKind Quite.OfANewKind"),
    (403, FINAL, "OfANewKind"),
    (404, FINAL, "OfANewKind"),
    (409, FINAL, "OfANewKind"),
]

CREATE, QUERY = Section("create", "", "", []), Section("query", "", "", [])


def cases():
    failing = set()
    for status, (create, creates, query), codes in EXPECTED:
        for code in codes.split():
            action = f"{status}:code={code}"
            yield Case(CREATE, Row(action, code, stays=create), True, alone=True), code, {"create": creates}
            queries = {"query": 1} if query == SUBMITTED_4 else {}
            yield Case(QUERY, Row(action, code, stays=query), True, alone=True), code, queries
            if code not in failing:
                yield Case(CREATE, Row("fails:" + code, code, stays=FAILED), True, alone=True), code, {"create": 1}
            failing.add(code)


CASES = list(cases())


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return play_all([case for case, _, _ in CASES], tmp_path_factory.mktemp("codes"))


@pytest.mark.parametrize("case, code, counts", CASES, ids=lambda value: value.name if isinstance(value, Case) else "")
def test_a_code(played, case, code, counts):
    seen, _ = played[case.name].result()
    assert_as(seen, case.end)
    assert {endpoint: seen.counts[endpoint] for endpoint in counts} == counts
    assert code in seen.said or case.end == UNCERTAIN  # as it came


def test_every_code_of_the_catalogue_is_expected_to_do_something():
    catalogue = set(re.findall(r'\{"([A-Za-z_.]+)", *WP_CLASS_', CATALOGUE.read_text(encoding="utf-8")))
    expected = {code for _, _, codes in EXPECTED for code in codes.split()}
    assert len(catalogue) > 60
    for code in catalogue:  # one that ends with a dot stands for all that begin so
        assert code in expected or code.endswith(".") and code + "OfANewKind" in expected, code
