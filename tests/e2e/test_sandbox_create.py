"""The emulator's create call and the keys it takes: what is right, and everything that is refused."""
import http.client
import subprocess
import uuid

import pytest

from emulator import BIN, Emulator
from sandbox_client import CREATE, MODEL, Client


@pytest.fixture(scope="module")
def client():
    with Emulator() as service:
        yield Client(service)


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
