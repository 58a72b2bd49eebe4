"""Scripted faults: each action at each endpoint where it makes sense, and what it leaves behind."""
import email.utils
import http.client
import json
import socket
import subprocess
import time
import time

import pytest

from emulator import BIN, Emulator
from sandbox_client import CREATE, Client

GONE = (ConnectionError, http.client.RemoteDisconnected)
API = {"create": lambda client, **more: client.create(**more),
       "query": lambda client, **more: client.get("/tasks/x", **more),
       "list": lambda client, **more: client.get("/tasks/", **more),
       "cancel": lambda client, **more: client.send("POST", "/api/v1/tasks/x/cancel", headers=client.auth, **more),
       "policy": lambda client, **more: client.get("/uploads?action=getPolicy&model=wan2.2-animate-move", **more)}
STORAGE = {"upload": lambda client, **more: client.upload([], **more),
           "download": lambda client, **more: client.send("GET", "/results/x", **more)}
CODES = {400: "InvalidParameter", 401: "InvalidApiKey", 403: "AccessDenied", 404: "ModelNotFound",
         408: "RequestTimeOut", 409: "Conflict", 429: "Throttling.RateQuota", 500: "InternalError", 503: "ModelUnavailable"}
STORAGE_CODES = {400: "InvalidArgument", 401: "InvalidAccessKeyId", 403: "AccessDenied", 404: "NoSuchKey", 408: "RequestTimeout",
                 409: "FileAlreadyExists", 429: "QpsLimitExceeded", 500: "InternalError", 503: "ServiceUnavailable"}


@pytest.mark.parametrize("endpoint", API)
@pytest.mark.parametrize("status", CODES)
def test_refusals_of_the_api(endpoint, status):
    with Emulator("--fault", f"{endpoint}@1={status}") as service:
        client = Client(service)
        answer = API[endpoint](client)
        assert (answer.status, answer.code) == (status, CODES[status])
        assert answer.json["message"] and answer.json["request_id"]
        assert service.tasks == []
        request, = service.requests()
        assert request.fault == f"{endpoint}@1={status}" and request.status == status
        second = API[endpoint](client)
        assert second.status == (400 if endpoint == "cancel" else 200)


@pytest.mark.parametrize("endpoint", STORAGE)
@pytest.mark.parametrize("status", STORAGE_CODES)
def test_refusals_of_the_storage(endpoint, status):
    with Emulator("--fault", f"{endpoint}={status}") as service:
        answer = STORAGE[endpoint](Client(service))
        assert (answer.status, answer.code) == (status, STORAGE_CODES[status])


@pytest.mark.parametrize("endpoint", [*API, *STORAGE])
@pytest.mark.parametrize("word, status", [("502", 502), ("html502", 502), ("504", 504)])
def test_pages_of_a_proxy(endpoint, word, status):
    with Emulator("--fault", f"{endpoint}={word}") as service:
        answer = {**API, **STORAGE}[endpoint](Client(service))
        assert (answer.status, answer.headers["content-type"]) == (status, "text/html")
        assert answer.body.startswith(b"<html>")


@pytest.mark.parametrize("rule, hit", [("query=500", {1, 2, 3, 4, 5}), ("query@2=500", {2}),
                                       ("query@2-4=500", {2, 3, 4}),
                                       ("query@3-=500", {3, 4, 5}), ("query@5-5=500", {5}), ("create@1=500", set())])
def test_ranges_count_per_endpoint(rule, hit):
    with Emulator("--fault", rule) as service:
        client = Client(service)
        statuses = []
        for _ in range(5):
            statuses.append(client.query("x").status)
            client.get("/tasks/")
        assert {i + 1 for i, status in enumerate(statuses) if status == 500} == hit


def test_the_first_rule_that_fits_acts():
    with Emulator("--fault", "query@2=503", "--fault", "query@1-3=500") as service:
        client = Client(service)
        assert [client.query("x").status for _ in range(4)] == [500, 503, 500, 200]


@pytest.mark.parametrize("value", ["1", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
def test_retry_after_and_other_words(value):
    with Emulator("--fault", f"create=429:code=limit_requests,retry-after={value},message=slow, please") as service:
        answer = Client(service).create()
        assert (answer.status, answer.code, answer.json["message"]) == (429, "limit_requests", "slow, please")
        assert answer.headers["retry-after"] == value
        assert service.tasks == []


def test_retry_after_as_a_date_that_is_ahead():
    with Emulator("--fault", "create=429:retry-date=90") as service:
        answer = Client(service).create()
        ahead = email.utils.parsedate_to_datetime(answer.headers["retry-after"]).timestamp() - time.time()
        assert 60 < ahead <= 90


@pytest.mark.parametrize("rule", ["create@1=500:after", "create@1=502:after"])
def test_a_refusal_after_the_task_was_made(rule):
    with Emulator("--fault", rule) as service:
        client = Client(service)
        assert client.create().status in (500, 502)
        assert len(service.tasks) == 1
        assert client.get("/tasks/").json["data"][0]["task_id"] == service.tasks[0]["task_id"]


@pytest.mark.parametrize("word, made", [("drop-before", 0), ("drop-after", 1)])
def test_dropped_connections(word, made):
    with Emulator("--fault", "create@1=" + word) as service:
        client = Client(service)
        with pytest.raises(GONE):
            client.create()
        assert len(service.tasks) == made
        assert service.requests()[0].status is None
        assert client.create().status == 200


def test_a_drop_is_a_reset():
    with Emulator("--fault", "list=drop-before") as service:
        host, port = Client(service).netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"GET /api/v1/tasks/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            with pytest.raises(ConnectionResetError):
                connection.recv(4096)


def wait_for_create(service):
    """A client that gives up may be quicker than the service on a busy machine."""
    deadline = time.monotonic() + 60
    while not service.requests("create"):
        assert time.monotonic() < deadline, "the request did not come"
        time.sleep(0.01)


@pytest.mark.parametrize("word, made", [("hang", 0), ("hang:after", 1)])
def test_answers_that_never_come(word, made):
    with Emulator("--fault", "create@1=" + word) as service:
        client = Client(service)
        with pytest.raises(TimeoutError):
            client.create(timeout=0.3)
        wait_for_create(service)
        assert len(service.tasks) == made
        assert client.create().status == 200


def test_late_answers():
    with Emulator("--fault", "create@1=delay:60000") as service:
        client = Client(service)
        with pytest.raises(TimeoutError):
            client.create(timeout=0.3)
        wait_for_create(service)
        assert len(service.tasks) == 1
    with Emulator("--fault", "create@1=delay:100") as service:
        assert Client(service).create().json["output"]["task_status"] == "PENDING"


def test_drips():
    with Emulator("--fault", "query@1=drip:20", "--fault", "download=drip:1") as service:
        client = Client(service)
        begin = time.monotonic()
        answer = client.query("x")
        assert answer.json["output"]["task_status"] == "UNKNOWN"
        assert time.monotonic() - begin >= 0.02 * (len(answer.body) - 1)
        host, port = client.netloc.split(":")
        url = client.result_url(client.task()).removeprefix(service.root)
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            seen = b""
            while len(seen.partition(b"\r\n\r\n")[2]) < 50:
                seen += connection.recv(65536)
            assert len(seen.partition(b"\r\n\r\n")[2]) < 5000  # it does not come in one piece
            assert client.query("x").status == 200  # and holds up nobody


def test_away():
    with Emulator("--fault", "query@1=away:300") as service:
        client = Client(service)
        begin = time.monotonic()
        assert client.query("x").status == 200
        refused = 0
        while True:
            try:
                assert client.query("x").status == 200
                break
            except ConnectionRefusedError:
                refused += 1
                time.sleep(0.01)
        assert refused > 0 and time.monotonic() - begin >= 0.3


@pytest.mark.parametrize("length", [0, 1, 1000])
def test_truncated_downloads(length):
    with Emulator("--fault", f"download@1=truncate:{length}") as service:
        client = Client(service)
        url = client.result_url(client.task())
        with pytest.raises(http.client.IncompleteRead) as broken:
            client.send("GET", url)
        assert len(broken.value.partial) == length
        rest = client.send("GET", url, headers={"Range": f"bytes={length}-"})
        whole = client.send("GET", url)
        assert rest.status == 206 and broken.value.partial + rest.body == whole.body


def test_truncated_answers():
    with Emulator("--fault", "create=truncate:10") as service:
        with pytest.raises(http.client.IncompleteRead) as broken:
            Client(service).create()
        assert broken.value.partial == b'{"output":'
        assert len(service.tasks) == 1


def test_wrong_lengths():
    with Emulator("--fault", "query@1=wrong-length:10", "--fault", "query@2=wrong-length:100000") as service:
        client = Client(service)
        short = client.query("x")
        assert (short.headers["content-length"], short.body) == ("10", b'{"output":')
        with pytest.raises(http.client.IncompleteRead):
            client.query("x")
        assert client.query("x").json["output"]["task_status"] == "UNKNOWN"


def test_garbage():
    with Emulator("--fault", "create@1=garbage", "--fault", "download=garbage") as service:
        client = Client(service)
        answer = client.create()
        assert answer.status == 200
        with pytest.raises(ValueError):
            answer.json
        assert len(service.tasks) == 1
        url = client.result_url(client.task())
        assert b"ftyp" not in client.send("GET", url).body


def test_huge_answers():
    with Emulator("--fault", "query=huge:3") as service:
        answer = Client(service).query("x")
        assert len(answer.json["padding"]) == 3 << 20


def test_deep_answers():
    with Emulator("--fault", "query@1=deep:5", "--fault", "query@2=deep") as service:
        client = Client(service)
        assert client.query("x").body == b"[[[[[]]]]]"
        assert len(client.query("x").body) == 200000


@pytest.mark.parametrize("name", ["task_id", "task_status", "output", "request_id"])
def test_missing_fields_of_a_create(name):
    with Emulator("--fault", "create=missing-field:" + name) as service:
        answer = Client(service).create().json
        kept = {"output": {"task_id", "task_status"}, "request_id": set()}
        kept.pop(name, None)
        assert set(answer) == set(kept)
        if "output" in kept:
            assert set(answer["output"]) == kept["output"] - {name}


@pytest.mark.parametrize("name, where", [("video_url", ("output", "results")), ("results", ("output",)), ("usage", ()),
                                         ("video_duration", ("usage",)), ("video_ratio", ("usage",))])
def test_missing_fields_of_a_result(name, where):
    with Emulator("--fault", "query@2=missing-field:" + name) as service:
        client = Client(service)
        task = client.task()
        whole, answer = client.query(task).json, client.query(task).json
        for part in where:
            whole, answer = whole[part], answer[part]
        assert set(whole) - set(answer) == {name}


def test_missing_fields_of_a_list():
    with Emulator("--fault", "list=missing-field:task_id") as service:
        client = Client(service)
        client.task()
        client.task()
        data = client.get("/tasks/").json["data"]
        assert len(data) == 2 and all("task_id" not in entry and "status" in entry for entry in data)


@pytest.mark.parametrize("path, name", [("/tasks/x", "task_status"), ("/tasks/x", "output"), ("/tasks/", "total")])
def test_members_that_stand_twice(path, name):
    with Emulator("--fault", f"any@1=twice:{name}") as service:
        client = Client(service)
        pairs = []
        json.loads(client.get(path).body, object_pairs_hook=lambda members: pairs.extend(members) or dict(members))
        values = [value for member, value in pairs if member == name]
        assert len(values) == 2 and values[0] == "repeated"


def test_lists_that_lag_and_lists_in_other_words():
    with Emulator("--fault", "list@1=empty", "--fault", "list@2=status:NEW") as service:
        client = Client(service)
        task = client.task()
        first, second, third = [client.get("/tasks/").json for _ in range(3)]
        assert (first["total"], first["data"]) == (0, [])
        assert [(row["task_id"], row["status"]) for row in second["data"]] == [(task, "NEW")]
        assert [(row["task_id"], row["status"]) for row in third["data"]] == [(task, "SUCCEEDED")]


def test_a_task_that_fails_among_others():
    with Emulator("--fault", "create@2=fails:InvalidVideo.NoHuman") as service:
        client = Client(service)
        outputs = [client.query(client.task()).json["output"] for _ in range(3)]
        assert [output["task_status"] for output in outputs] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
        assert outputs[1]["code"] == "InvalidVideo.NoHuman"
        books = service.books()
        assert (books["tasks_made"], books["tasks_billed"], books["billed_seconds"]) == (3, 2, 6.4)
        assert [task["billed_seconds"] for task in books["tasks"]] == [3.2, 0, 3.2]


def hits(seed, *rules):
    """Which of 200 queries and 200 lists are hit."""
    with Emulator("--seed", seed, *(option for rule in rules for option in ("--fault", rule))) as service:
        client = Client(service)
        return [[client.get(path).status == 500 for _ in range(200)] for path in ("/tasks/x", "/tasks/")]


def test_chance_is_the_same_for_the_same_seed():
    first = hits(1, "any@25%=500")
    assert hits(1, "any@25%=500") == first
    assert hits(2, "any@25%=500") != first
    assert first[0] != first[1]
    assert all(20 < sum(hit) < 80 for hit in first)
    query, list_ = hits(1, "query@100%=500", "list@1%=500")
    assert all(query) and sum(list_) < 20


def test_chance_for_any_hits_those_that_can():
    with Emulator("--fault", "any@100%=status:X") as service:
        client = Client(service)
        assert client.create().json["output"]["task_status"] == "X"
        assert client.policy()["policy"]


@pytest.mark.parametrize("word", ["UNKNOWN", "SUSPENDED", "FAILED"])
def test_other_statuses(word):
    with Emulator("--fault", "query@1-2=status:" + word) as service:
        client = Client(service)
        task = client.task()
        words = [client.query(task).json["output"]["task_status"] for _ in range(3)]
        assert words == [word, word, "SUCCEEDED"]


def test_what_expires():
    with Emulator("--fault", "upload@1=expired", "--fault", "download@1=expired") as service:
        client = Client(service)
        policy = client.policy()
        answer = client.upload(client.fields(policy))
        assert (answer.status, answer.code) == (403, "AccessDenied") and b"Policy expired" in answer.body
        assert service.uploads == []
        assert client.upload(client.fields(policy)).status == 200
        url = client.result_url(client.task())
        assert (client.send("GET", url).status, client.send("GET", url).status) == (403, 200)


def test_faults_that_are_lifted():
    with Emulator("--fault", "query=500") as service:
        client = Client(service)
        assert client.query("x").status == 500
        assert client.send("DELETE", "/sandbox/faults").status == 200
        assert client.query("x").status == 200
        assert [request.status for request in service.requests()] == [500, 200]


@pytest.mark.parametrize("rule", ["", "create", "create=", "create=teapot", "make=500", "create@0=500", "create@x=500",
                                  "create@3-2=500", "create@=500", "create@0%=500", "create@101%=500", "create@5%%=500",
                                  "create@1-5%=500", "upload=fails:X", "create=empty", "create=fails",
                                  "create=drip:0", "create=away:0", "create=429:retry-date=x", "any=nothing",
                                  "download=missing-field:x", "upload=status:X", "create=missing-field", "create=missing-field:", "create=huge:0",
                                  "create=huge:257", "create=truncate:-1", "create=delay:600001", "create=500:before",
                                  "create=500:retry=1", "create=drop-after:1", "create=502:code=X", "x" * 300])
def test_rules_that_are_none(rule):
    done = subprocess.run([BIN / "wanprep-sandbox", "--fault", rule], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 2 and not done.stdout
    assert rule in done.stderr or len(rule) > 255


def test_all_endpoints_can_be_dropped():
    rules = [option for endpoint in [*API, *STORAGE] for option in ("--fault", f"{endpoint}@1=drop-after")]
    with Emulator(*rules) as service:
        client = Client(service)
        for endpoint, send in {**API, **STORAGE}.items():
            with pytest.raises(GONE):
                send(client)
            assert send(client).status < 500, endpoint
        assert CREATE in service.requests("create")[0].target
