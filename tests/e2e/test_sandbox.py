"""The emulator's API: the life of a task, query, list, cancel, rates, books."""
import datetime
import re
import uuid

import pytest

from emulator import Emulator
from sandbox_client import CREATE, MODEL, Client

ZONE = datetime.timezone(datetime.timedelta(hours=8))


@pytest.fixture(scope="module")
def client():
    with Emulator() as service:
        yield Client(service)


def when(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=ZONE)


def test_a_task_passes_through_its_states():
    with Emulator("--pending", "3s", "--running", "3s") as service:
        client = Client(service)
        task = client.task()
        seen = []
        while not seen or seen[-1]["output"]["task_status"] not in ("SUCCEEDED", "FAILED"):
            answer = client.query(task)
            assert answer.status == 200
            if not seen or seen[-1]["output"]["task_status"] != answer.json["output"]["task_status"]:
                seen.append(answer.json)
    pending, running, done = seen
    assert [step["output"]["task_status"] for step in seen] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert "scheduled_time" not in pending["output"] and "end_time" not in running["output"]
    output = done["output"]
    submitted, scheduled, ended = (when(output[name]) for name in ("submit_time", "scheduled_time", "end_time"))
    assert scheduled - submitted == ended - scheduled == datetime.timedelta(seconds=3)
    assert abs(datetime.datetime.now(ZONE) - ended) < datetime.timedelta(hours=1)
    assert output["task_id"] == task and uuid.UUID(done["request_id"])
    assert done["usage"] == {"video_duration": 3.2, "video_count": 1, "video_ratio": "standard"}
    for unfinished in (pending, running):
        assert "usage" not in unfinished and "results" not in unfinished["output"]


def test_one_task_runs_at_a_time():
    with Emulator("--running", "10m") as service:
        client = Client(service)
        first, second = client.task(), client.task()
        assert client.query(first).json["output"]["task_status"] == "RUNNING"
        assert client.query(second).json["output"]["task_status"] == "PENDING"


def test_unknown_tasks_are_answered_200(client):
    for task in (str(uuid.uuid4()), "no-id-at-all", "x" * 300):
        answer = client.query(task)
        assert answer.status == 200
        assert answer.json["output"] == {"task_id": task, "task_status": "UNKNOWN"}


def test_tasks_are_forgotten_after_their_lifetime():
    with Emulator("--task-lifetime", "0") as service:
        client = Client(service)
        assert client.query(client.task()).json["output"]["task_status"] == "UNKNOWN"
        assert client.get("/tasks/").json["total"] == 0


@pytest.mark.parametrize("word", ["CANCELED", "UNKNOWN", "SUSPENDED", "SOMETHING_NEW"])
def test_any_outcome(word):
    with Emulator("--outcome", word) as service:
        client = Client(service)
        answer = client.query(client.task())
        assert answer.status == 200
        assert answer.json["output"]["task_status"] == word
        assert "results" not in answer.json["output"] and "usage" not in answer.json
        assert service.books()["billed_seconds"] == 0


def test_failed_tasks_say_why_and_cost_nothing():
    with Emulator("--outcome", "FAILED", "--code", "InvalidFile.FullFace", "--message", 'no <face> "here"') as service:
        client = Client(service)
        output = client.query(client.task()).json["output"]
        assert (output["task_status"], output["code"]) == ("FAILED", "InvalidFile.FullFace")
        assert output["message"] == 'no <face> "here"'
        assert service.tasks[0]["billed_seconds"] == 0 and service.books()["billed_seconds"] == 0


@pytest.mark.parametrize("shape, pick", [("results", lambda output: output["results"]["video_url"]),
                                         ("flat", lambda output: output["video_url"]),
                                         ("array", lambda output: output["results"][0]["url"])])
def test_result_shapes(shape, pick):
    with Emulator("--result-shape", shape) as service:
        client = Client(service)
        url = pick(client.query(client.task()).json["output"])
        assert re.fullmatch(re.escape(service.root) + r"/results/[-0-9a-f]{36}\.mp4\?Expires=\d+&OSSAccessKeyId=[^&]+"
                            r"&Signature=[^&]*%[^&]*", url)


@pytest.mark.parametrize("options, mode, usage", [
    (["--usage-shape", "integer"], "wan-std", {"video_duration": 3, "video_count": 1, "video_ratio": "standard"}),
    (["--seconds", "5250"], "wan-pro", {"video_duration": 5.25, "video_count": 1, "video_ratio": "pro"}),
    (["--video-ratio", "wan-std"], "wan-std", {"video_duration": 3.2, "video_count": 1, "video_ratio": "wan-std"}),
    (["--usage-shape", "missing"], "wan-std", None)])
def test_usage_shapes(options, mode, usage):
    with Emulator(*options) as service:
        client = Client(service)
        task = client.create(client.body(parameters__mode=mode)).json["output"]["task_id"]
        assert client.query(task).json.get("usage") == usage


def test_cancel_takes_pending_tasks_only():
    with Emulator("--pending", "10m") as service:
        client = Client(service)
        task = client.task()
        answer = client.cancel(task)
        assert answer.status == 200 and set(answer.json) == {"request_id"}
        assert client.query(task).json["output"]["task_status"] == "CANCELED"
        for wrong in (task, str(uuid.uuid4())):
            answer = client.cancel(wrong)
            assert (answer.status, answer.code) == (400, "UnsupportedOperation")


@pytest.mark.parametrize("options", [["--running", "10m"], []])
def test_cancel_refuses_what_runs_or_ran(options):
    with Emulator(*options) as service:
        client = Client(service)
        answer = client.cancel(client.task())
        assert (answer.status, answer.code) == (400, "UnsupportedOperation")


def test_list_tells_all_of_a_task(client):
    created = client.create().json
    task = client.get("/tasks/?task_id=" + created["output"]["task_id"]).json
    assert (task["total"], task["total_page"], task["page_no"], task["page_size"]) == (1, 1, 1, 10)
    entry, = task["data"]
    assert entry["task_id"] == created["output"]["task_id"]
    assert entry["request_id"] == created["request_id"] != task["request_id"]
    assert (entry["status"], entry["model_name"]) == ("SUCCEEDED", MODEL)
    now = datetime.datetime.now().timestamp() * 1000
    assert now - 3600000 < entry["gmt_create"] <= entry["start_time"] <= entry["end_time"] < now + 3600000
    assert {"region", "api_key_id", "caller_uid", "user_api_unique_key"} < set(entry)


def test_list_pages_from_the_newest():
    with Emulator("--pending", "10m") as service:
        client = Client(service)
        tasks = [client.task() for _ in range(12)]
        pages = [client.get(f"/tasks?page_no={page}&page_size=5").json for page in (1, 2, 3, 4)]
        assert [len(page["data"]) for page in pages] == [5, 5, 2, 0]
        assert [entry["task_id"] for page in pages for entry in page["data"]] == tasks[::-1]
        assert all((page["total"], page["total_page"]) == (12, 3) for page in pages)
        assert len(client.get("/tasks/").json["data"]) == 10


def test_list_filters():
    with Emulator("--running", "10m") as service:
        client = Client(service)
        tasks = [client.task() for _ in range(3)]
        client.cancel(tasks[2])

        def found(query):
            return [entry["task_id"] for entry in client.get("/tasks/?" + query).json["data"]]

        assert found("status=RUNNING") == tasks[:1]
        assert found("status=PENDING") == tasks[1:2]
        assert found("status=CANCELED") == tasks[2:]
        assert found("status=SUCCEEDED") == []
        assert found("model_name=" + MODEL) == tasks[::-1]
        assert found("model_name=other") == []
        assert found(f"task_id={tasks[1]}&status=&start_time=") == [tasks[1]]

        def stamp(**delta):
            return (datetime.datetime.now(ZONE) + datetime.timedelta(**delta)).strftime("%Y%m%d%H%M%S")

        assert found(f"start_time={stamp(hours=-1)}&end_time={stamp(hours=1)}") == tasks[::-1]
        assert found(f"start_time={stamp(hours=-1)}") == tasks[::-1]
        assert found(f"start_time={stamp(hours=-3)}&end_time={stamp(hours=-1)}") == []
        assert found(f"start_time={stamp(hours=-30)}") == []
        assert found(f"end_time={stamp(hours=-1)}") == []


@pytest.mark.parametrize("query", ["start_time=20250101000000&end_time=20250102000001", "start_time=2025-01-01",
                                   "start_time=20250230000000", "start_time=20250101000001&end_time=20250101000000",
                                   "page_no=0", "page_no=x", "page_size=0", "page_size=101", "page_size=-1"])
def test_list_refuses(client, query):
    answer = client.get("/tasks/?" + query)
    assert (answer.status, answer.code) == (400, "InvalidParameter")


def test_list_takes_a_window_of_exactly_a_day(client):
    assert client.get("/tasks/?start_time=20250101000000&end_time=20250102000000").status == 200


@pytest.mark.parametrize("method, path", [("GET", "/"), ("GET", "/api/v1"), ("PUT", "/api/v1/tasks/x"),
                                          ("GET", "/api/v1" + CREATE), ("DELETE", "/sandbox/books"),
                                          ("GET", "/api/v1/tasks/x/y"), ("GET", "/" + "a" * 2000)])
def test_what_is_not_there(client, method, path):
    assert client.send(method, path, headers=client.auth).status == 404


@pytest.mark.parametrize("method, target, limit", [
    ("POST", CREATE, 5), ("GET", "/tasks/x", 20), ("GET", "/tasks/", 20), ("POST", "/tasks/x/cancel", 20),
    ("GET", "/uploads?action=getPolicy&model=" + MODEL, 100)], ids=["create", "query", "list", "cancel", "policy"])
def test_rate_limits(method, target, limit):
    with Emulator("--rate-limits", "on") as service:
        seen = Client(service).burst(method, target, times=1000, until=b"Throttling.RateQuota")
    before, _, refusal = seen.partition(b"HTTP/1.1 429 ")
    assert before.count(b"HTTP/1.1 ") >= limit and b"Throttling.RateQuota" in refusal


def test_no_rate_limits_unless_asked(client):
    assert {client.create().status for _ in range(30)} == {200}


def test_the_books_hold_the_exact_request_but_no_key():
    with Emulator("--keep", "3") as service:
        client = Client(service)
        for _ in range(3):
            client.query("old")
        client.create(headers={"X-DashScope-WorkSpace": "ws-1"})
        client.get("/tasks/?status=" + service.KEY)
        client.create(client.body(padding=service.KEY))
        create, listing, leak = service.requests()
        assert service.books()["counts"]["query"] == 3
        assert (create.endpoint, create.method, create.target, create.status) == ("create", "POST", "/api/v1" + CREATE,
                                                                                  200)
        assert create.json == client.body()
        assert create.headers["x-dashscope-workspace"] == "ws-1"
        assert create.headers["authorization"] == "***"
        assert not create.key_elsewhere
        assert listing.key_elsewhere and leak.key_elsewhere
        assert service.KEY not in str(service.books())


@pytest.mark.parametrize("authorization", ["Bearer sk-of-somebody-else", "sk-of-somebody-else"])
def test_the_books_hold_no_key_of_others_either(authorization):
    with Emulator() as service:
        headers = {"Authorization": authorization, "X-Copy": "sk-of-somebody-else"}
        Client(service).send("GET", "/api/v1/tasks/?key=sk-of-somebody-else", headers=headers)
        assert service.requests()[0].key_elsewhere
        assert "somebody" not in str(service.books())


def test_the_key_is_seen_where_no_authorization_is():
    with Emulator() as service:
        client = Client(service)
        client.send("GET", "/results/x", headers={"X-Copy": service.KEY})
        client.send("GET", "/results/x")
        assert [request.key_elsewhere for request in service.requests()] == [True, False]
        assert service.KEY not in str(service.books())


def test_thousands_of_tasks():
    """A queue of ten thousand: listed page by page, asked for one by one, and one runs at a time."""
    many = 10000
    with Emulator("--running", "1h", "--keep", "10") as service:
        client = Client(service)
        books = client.crowd("POST", CREATE, many)
        assert books["tasks_made"] == many and books["tasks_billed"] == 0
        assert len(books["requests"]) == 10
        seen = []
        for page in range(1, many // 100 + 1):
            answer = client.get(f"/tasks/?page_no={page}&page_size=100").json
            assert (answer["total"], answer["total_page"]) == (many, many // 100)
            seen += [row["task_id"] for row in answer["data"]]
        assert seen == [task["task_id"] for task in reversed(books["tasks"])]
        states = [client.query(seen[place]).json["output"]["task_status"] for place in (0, many // 2, -1)]
        assert states == ["PENDING", "PENDING", "RUNNING"]
        assert client.get("/tasks/?status=RUNNING").json["total"] == 1
