"""The emulator's API: what it answers when all is right, and what it refuses."""
import datetime
import http.client
import re
import signal
import socket
import subprocess
import sys
import uuid

import pytest

from emulator import BIN, Emulator
from sandbox_client import CREATE, MODEL, Client

ZONE = datetime.timezone(datetime.timedelta(hours=8))


@pytest.fixture(scope="module")
def client():
    with Emulator() as service:
        yield Client(service)


def when(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=ZONE)


def test_create_makes_a_pending_task(client):
    before = len(client.service.tasks)
    body = client.body(input__watermark=True, parameters__check_image=False, parameters__mode="wan-pro")
    answer = client.create(body)
    assert answer.status == 200
    assert uuid.UUID(answer.json["output"]["task_id"])
    assert uuid.UUID(answer.json["request_id"])
    assert answer.json["output"]["task_status"] == "PENDING"
    tasks = client.service.tasks
    assert len(tasks) == before + 1
    task = tasks[-1]
    assert task["task_id"] == answer.json["output"]["task_id"]
    assert task["request_id"] == answer.json["request_id"]
    assert (task["image_url"], task["video_url"]) == (body["input"]["image_url"], body["input"]["video_url"])
    assert (task["mode"], task["watermark"], task["check_image"]) == ("wan-pro", True, False)


def test_defaults_of_a_create(client):
    client.task()
    task = client.service.tasks[-1]
    assert (task["mode"], task["watermark"], task["check_image"]) == ("wan-std", False, True)


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer sk-", "Bearer sk-other", "Basic sk-test",
                                           Emulator.KEY, "bearer " + Emulator.KEY])
@pytest.mark.parametrize("method, path", [("POST", CREATE), ("GET", "/tasks/x"), ("GET", "/tasks/"),
                                          ("POST", "/tasks/x/cancel"),
                                          ("GET", "/uploads?action=getPolicy&model=" + MODEL)])
def test_every_endpoint_of_the_api_wants_the_key(client, method, path, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.send(method, "/api/v1" + path, headers=headers)
    assert (answer.status, answer.code) == (401, "InvalidApiKey")
    assert uuid.UUID(answer.json["request_id"])


@pytest.mark.parametrize("options, key, status", [([], "sk-anything", 200), ([], "anything", 401), ([], "sk-", 401),
                                                  (["--api-key", "sk-one"], "sk-one", 200),
                                                  (["--api-key", "sk-one"], "sk-other", 401)])
def test_which_keys_are_taken(options, key, status):
    process = subprocess.Popen([BIN / "wanprep-sandbox", *options], stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(url.split("/")[2])
        connection.request("GET", "/api/v1/tasks/", headers={"Authorization": "Bearer " + key})
        assert connection.getresponse().status == status
        connection.close()
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("change, status, code", [
    ({"model": None}, 400, "InvalidParameter"),
    ({"model": 7}, 400, "InvalidParameter"),
    ({"model": "wan2.2-animate-mix"}, 404, "ModelNotFound"),
    ({"input": None}, 400, "InvalidParameter"),
    ({"input__image_url": None}, 400, "InvalidParameter"),
    ({"input__video_url": None}, 400, "InvalidParameter"),
    ({"input__video_url": 7}, 400, "InvalidParameter"),
    ({"parameters": None}, 400, "InvalidParameter"),
    ({"parameters__mode": None}, 400, "InvalidParameter"),
    ({"parameters__mode": "wan-max"}, 400, "InvalidParameter"),
    ({"input__mode": "wan-std"}, 400, "InvalidParameter"),
    ({"input__watermark": "true"}, 400, "InvalidParameter"),
    ({"parameters__watermark": True}, 400, "InvalidParameter"),
    ({"parameters__check_image": 1}, 400, "InvalidParameter"),
    ({"input__check_image": True}, 400, "InvalidParameter"),
    ({"input__image_url": "/tmp/a.jpg"}, 400, "InvalidURL"),
    ({"input__image_url": "ftp://example.com/a.jpg"}, 400, "InvalidURL"),
    ({"input__image_url": "https:///a.jpg"}, 400, "InvalidURL"),
    ({"input__image_url": "https://example.com/\u4eba.jpg"}, 400, "InvalidURL"),
    ({"input__image_url": "https://example.com/a b.jpg"}, 400, "InvalidURL"),
    ({"input__image_url": "https://example.com/a"}, 400, "InvalidFile.Format"),
    ({"input__image_url": "https://example.com/a.gif"}, 400, "InvalidFile.Format"),
    ({"input__image_url": "https://example.com/a?name=a.jpg"}, 400, "InvalidFile.Format"),
    ({"input__image_url": "https://example.com/a.mp4"}, 400, "InvalidFile.Format"),
    ({"input__video_url": "https://example.com/a.mkv"}, 400, "InvalidFile.Format"),
    ({"input__image_url": "oss://never/uploaded.jpg"}, 400, "InvalidParameter"),
])
def test_bodies_that_create_refuses(client, change, status, code):
    before = len(client.service.tasks)
    answer = client.create(client.body(**change))
    assert (answer.status, answer.code) == (status, code)
    assert answer.json["message"]
    assert len(client.service.tasks) == before


@pytest.mark.parametrize("url", ["http://example.com/a.JPEG?Expires=1&x=%E4%BA%BA#y", "https://example.com/a.png",
                                 "https://example.com/%E4%BA%BA.bmp", "https://example.com/a.webp"])
def test_image_urls_that_create_takes(client, url):
    assert client.create(client.body(input__image_url=url)).status == 200


@pytest.mark.parametrize("extension", ["mp4", "avi", "MOV"])
def test_video_urls_that_create_takes(client, extension):
    assert client.create(client.body(input__video_url="https://example.com/b." + extension)).status == 200


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', '{"model": 1} x', "\xff", "[" * 5000])
def test_create_wants_a_json_object(client, body):
    answer = client.create(body.encode("latin-1"))
    assert (answer.status, answer.code) == (400, "InvalidParameter")


def test_create_is_asynchronous_only(client):
    for changes in ({"drop": ["X-DashScope-Async"]}, {"headers": {"X-DashScope-Async": "disable"}}):
        answer = client.create(**changes)
        assert (answer.status, answer.code) == (403, "AccessDenied")
        assert "does not support synchronous calls" in answer.json["message"]


def test_create_wants_the_json_content_type(client):
    for changes in ({"drop": ["Content-Type"]}, {"headers": {"Content-Type": "text/plain"}}):
        answer = client.create(**changes)
        assert (answer.status, answer.code) == (400, "InvalidParameter")
    assert client.create(headers={"Content-Type": "application/json; charset=utf-8"}).status == 200


def test_bodies_over_a_mebibyte_are_refused_and_do_no_harm(client):
    for length in ("1048577", "18446744073709551615", "18446744073709551616"):
        connection = http.client.HTTPConnection(client.netloc, timeout=30)
        connection.putrequest("POST", "/api/v1" + CREATE)
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status in (400, 413)
        connection.close()
    padded = client.body(padding="")
    padded["padding"] = "x" * ((1 << 20) - len(str(padded).replace("'", '"')))
    assert client.create(padded).status == 200


def test_a_task_passes_through_its_states():
    with Emulator("--pending", "300", "--running", "300") as service:
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
    assert scheduled - submitted == ended - scheduled == datetime.timedelta(milliseconds=300)
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
    with Emulator("--outcome", "FAILED", "--code", "InvalidFile.FullFace", "--message", "no <face> \"here\"") as service:
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


@pytest.mark.parametrize("path, send", [
    ("create", lambda client: client.create()), ("query", lambda client: client.query("x")),
    ("list", lambda client: client.get("/tasks/")), ("cancel", lambda client: client.cancel("x")),
    ("policy", lambda client: client.get("/uploads?action=getPolicy&model=" + MODEL))])
def test_rate_limits(path, send):
    with Emulator("--rate-limits", "on") as service:
        client = Client(service)
        for _ in range(2000):
            answer = send(client)
            if answer.status == 429:
                break
        assert (answer.status, answer.code) == (429, "Throttling.RateQuota")
        limit = {"create": 5, "policy": 100}.get(path, 20)
        assert service.books()["counts"][path] > limit


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


def test_it_listens_on_loopback_only(client):
    port = int(client.netloc.split(":")[1])
    for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}:
        if not address.startswith("127."):
            with pytest.raises(OSError):
                socket.create_connection((address, port), timeout=5).close()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=5).close()


@pytest.mark.parametrize("raw", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300, b"\r\n\r\n\r\n",
                                 b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                 b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                 b"GET /" + b"%00%ff" * 40 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
                                 b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50000 + b"\r\n"])
def test_nonsense_does_no_harm(client, raw):
    with socket.create_connection(client.netloc.split(":"), timeout=30) as connection:
        try:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError as error:  # it may hang up at any point, but it does not go silent
            assert not isinstance(error, TimeoutError)
    assert client.create().status == 200


def sandbox(*args, **more):
    return subprocess.run([BIN / "wanprep-sandbox", *args], capture_output=True, text=True, timeout=60, check=False,
                          **more)


def test_a_command_gets_the_settings_and_its_exit_code_is_passed_on():
    script = ("import os, sys, urllib.request as r; u = os.environ['DASHSCOPE_BASE_URL'];"
              "assert u == os.environ['WANPREP_SANDBOX_URL'] + '/api/v1';"
              "k = os.environ['DASHSCOPE_API_KEY']; assert k.startswith('sk-sandbox');"
              "q = r.Request(u + '/tasks/', headers={'Authorization': 'Bearer ' + k});"
              "print(r.urlopen(q).status); sys.exit(7)")
    done = sandbox("--", sys.executable, "-c", script, env={"DASHSCOPE_API_KEY": "sk-real", "PATH": "/usr/bin:/bin"})
    assert (done.returncode, done.stdout) == (7, "200\n"), done.stderr


def test_a_command_gets_the_key_that_was_named():
    done = sandbox("--api-key", "sk-mine", "--", "sh", "-c", 'echo "$DASHSCOPE_API_KEY $#"', "sh", "--port", "x")
    assert (done.returncode, done.stdout) == (0, "sk-mine 2\n")


def test_a_command_that_a_signal_ends():
    assert sandbox("--", "sh", "-c", "kill -9 $$").returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_are_forwarded_to_the_command(number):
    script = f"trap 'exit 9' {int(number)}; echo ready; while :; do sleep 0.05; done"
    process = subprocess.Popen([BIN / "wanprep-sandbox", "--", "sh", "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(timeout=30) == 9
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it(number):
    process = subprocess.Popen([BIN / "wanprep-sandbox"], stdout=subprocess.PIPE, text=True)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/api/v1\n", process.stdout.readline())
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.mark.parametrize("args", [["--nonsense"], ["--port"], ["--port", "65536"], ["--port", "-1"],
                                  ["--pending", "soon"], ["--pending", "25h"], ["--result-shape", "round"],
                                  ["--rate-limits", "maybe"]])
def test_usage_errors(args):
    done = sandbox(*args)
    assert done.returncode == 2 and done.stderr and not done.stdout


@pytest.mark.parametrize("args", [["--video", "/nonexistent.mp4"], ["--", "/nonexistent/command"]])
def test_what_cannot_be_read(args):
    done = sandbox(*args)
    assert done.returncode == 3 and "/nonexistent" in done.stderr


def test_a_port_that_is_taken(client):
    done = sandbox("--port", client.netloc.split(":")[1])
    assert done.returncode == 3 and client.netloc in done.stderr


def test_help_names_every_option_and_action():
    done = sandbox("--help")
    assert done.returncode == 0 and not done.stderr
    for word in ("--port", "--fault", "--outcome", "drop-after", "missing-field", "DASHSCOPE_BASE_URL", "Exit codes"):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110
