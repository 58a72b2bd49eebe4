"""The emulator's object storage: upload policy, form post, signed result URLs with ranges."""
import hashlib
import http.client
import socket
import subprocess

import pytest

from emulator import Emulator
from sandbox_client import BOUNDARY, MODEL, Client, form


@pytest.fixture(scope="module")
def client():
    with Emulator() as service:
        yield Client(service)


@pytest.fixture(scope="module")
def result(client):
    """The URL of a result and its bytes."""
    url = client.result_url(client.task())
    return url, client.send("GET", url).body


def test_the_policy_is_as_documented(client):
    policy = client.policy()
    assert policy["upload_host"] == client.service.root
    assert (policy["expire_in_seconds"], policy["max_file_size_mb"]) == (300, 200)
    assert policy["x_oss_forbid_overwrite"] == "true" and policy["x_oss_object_acl"] == "private"
    assert all(policy[name] for name in ("policy", "signature", "upload_dir", "oss_access_key_id"))
    assert not policy["upload_dir"].endswith("/")
    assert client.policy()["policy"] != policy["policy"]


def test_the_policy_stands_under_output_on_request():
    with Emulator("--policy-shape", "output") as service:
        answer = Client(service).get("/uploads?action=getPolicy&model=" + MODEL).json
        assert "data" not in answer and answer["output"]["policy"]


@pytest.mark.parametrize("query, status, code", [("", 400, "InvalidParameter"),
                                                 ("?model=" + MODEL, 400, "InvalidParameter"),
                                                 ("?action=put&model=" + MODEL, 400, "InvalidParameter"),
                                                 ("?action=getPolicy", 400, "InvalidParameter"),
                                                 ("?action=getPolicy&model=other", 404, "ModelNotFound")])
def test_policies_that_are_refused(client, query, status, code):
    answer = client.get("/uploads" + query)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("data", [b"", b"x", b"\r\n--" + BOUNDARY.encode(), bytes(range(256)) * 4000])
def test_an_upload_can_be_used_by_a_create(client, data):
    policy = client.policy()
    if data.startswith(b"\r\n--"):
        data = data[:-1]  # all of the delimiter but its last byte
    answer = client.upload(client.fields(policy, data=data))
    assert (answer.status, answer.body) == (200, b"")
    key = policy["upload_dir"] + "/a.jpg"
    stored = client.service.uploads[-1]
    assert stored == {"key": key, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    body = client.body(input__image_url="oss://" + key)
    assert client.create(body, headers={"X-DashScope-OssResourceResolve": "enable"}).status == 200
    assert client.create(body).code == "InvalidParameter"
    request = client.service.requests("upload")[-1]
    assert request.fields == [name for name, _ in client.fields(policy)]


@pytest.mark.parametrize("url, code", [("oss://dashscope-instant/no/such.jpg", "InvalidURL"),
                                       ("oss://", "InvalidURL")])
def test_a_create_wants_an_object_that_was_uploaded(client, url, code):
    answer = client.create(client.body(input__image_url=url), headers={"X-DashScope-OssResourceResolve": "enable"})
    assert (answer.status, answer.code) == (400, code)


def test_an_object_needs_the_extension_of_its_medium(client):
    policy = client.policy()
    assert client.upload(client.fields(policy, name="picture")).status == 200
    answer = client.create(client.body(input__image_url=f"oss://{policy['upload_dir']}/picture"),
                           headers={"X-DashScope-OssResourceResolve": "enable"})
    assert (answer.status, answer.code) == (400, "InvalidFile.Format")


@pytest.mark.parametrize("change, status, code", [
    ({"OSSAccessKeyId": None}, 400, "MissingArgument"),
    ({"OSSAccessKeyId": "other"}, 403, "InvalidAccessKeyId"),
    ({"Signature": None}, 400, "MissingArgument"),
    ({"Signature": "other"}, 403, "SignatureDoesNotMatch"),
    ({"policy": None}, 400, "MissingArgument"),
    ({"policy": "other"}, 403, "SignatureDoesNotMatch"),
    ({"x_oss_object_acl": None}, 400, "MissingArgument"),
    ({"x_oss_object_acl": "public-read"}, 403, "AccessDenied"),
    ({"x_oss_forbid_overwrite": None}, 400, "MissingArgument"),
    ({"x_oss_forbid_overwrite": "false"}, 403, "AccessDenied"),
    ({"key": None}, 400, "MissingArgument"),
    ({"key": "elsewhere/a.jpg"}, 403, "AccessDenied"),
    ({"file": None}, 400, "IncorrectNumberOfFilesInPOSTRequest"),
    ({"key": "x" * 5000}, 400, "FieldItemTooLong"),
])
def test_forms_that_are_refused(client, change, status, code):
    before = client.service.uploads
    answer = client.upload(client.fields(client.policy(), **change))
    assert (answer.status, answer.code) == (status, code)
    assert b"<RequestId>" in answer.body and b"<Message>" in answer.body
    assert client.service.uploads == before


@pytest.mark.parametrize("suffix, status, code", [("", 403, "AccessDenied"), ("/", 400, "InvalidObjectName"),
                                                  ("x/a.jpg", 403, "AccessDenied"),
                                                  ("//a.jpg", 400, "InvalidObjectName")])
def test_keys_stay_in_the_folder_of_the_policy(client, suffix, status, code):
    policy = client.policy()
    answer = client.upload(client.fields(policy, key=policy["upload_dir"] + suffix))
    assert (answer.status, answer.code) == (status, code)


def test_the_file_must_come_last(client):
    fields = client.fields(client.policy())
    for moved in range(len(fields) - 1):
        wrong = fields[:moved] + fields[moved + 1:] + [fields[moved]]
        answer = client.upload(wrong)
        assert (answer.status, answer.code) == (400, "MalformedPOSTRequest"), fields[moved][0]
    answer = client.upload(fields + [("file", b"again")])
    assert (answer.status, answer.code) == (400, "IncorrectNumberOfFilesInPOSTRequest")
    assert client.upload(fields).status == 200


def test_other_statuses_than_200_are_the_storage_own(client):
    answer = client.upload(client.fields(client.policy(), success_action_status=None))
    assert (answer.status, answer.body) == (204, b"")


def test_uploads_take_no_key(client):
    fields = client.fields(client.policy())
    answer = client.upload(fields, headers=client.auth)
    assert (answer.status, answer.code) == (400, "InvalidArgument")
    assert client.upload(fields).status == 200


def test_a_name_cannot_be_used_twice(client):
    policy = client.policy()
    assert client.upload(client.fields(policy)).status == 200
    answer = client.upload(client.fields(policy, data=b"other"))
    assert (answer.status, answer.code) == (409, "FileAlreadyExists")
    assert client.upload(client.fields(policy, name="b.jpg")).status == 200


def test_policies_expire():
    with Emulator("--policy-lifetime", "0") as service:
        client = Client(service)
        answer = client.upload(client.fields(client.policy()))
        assert (answer.status, answer.code) == (403, "AccessDenied")
        assert b"Policy expired" in answer.body


@pytest.mark.parametrize("content_type, cut", [("application/octet-stream", 0), ("multipart/form-data", 0),
                                               (f"multipart/form-data; boundary={BOUNDARY}x", 0),
                                               (f"multipart/form-data; boundary={BOUNDARY}", 60)])
def test_bodies_that_are_no_form(client, content_type, cut):
    body = form(client.fields(client.policy()))
    answer = client.send("POST", "/", body[:len(body) - cut], {"Content-Type": content_type})
    assert answer.status == 400
    assert answer.code in ("MalformedPOSTRequest", "IncorrectNumberOfFilesInPOSTRequest")


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64])
def test_forms_may_come_in_small_pieces(client, step):
    data = b"\r\n-" * 20
    body = form(client.fields(client.policy(), data=data))
    with socket.create_connection(client.netloc.split(":"), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n".encode())
        for begin in range(0, len(body), step):
            connection.sendall(body[begin:begin + step])
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert client.service.uploads[-1]["sha256"] == hashlib.sha256(data).hexdigest()


def test_an_upload_needs_a_length_and_has_a_limit(client):
    def early(*headers):
        connection = http.client.HTTPConnection(client.netloc, timeout=30)
        connection.putrequest("POST", "/")
        connection.putheader("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        for header in headers:
            connection.putheader(*header)
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        return status

    assert early(("Transfer-Encoding", "chunked")) == 411
    assert early(("Content-Length", str((200 << 20) + (1 << 16) + 1))) == 400


def test_large_uploads_stream(client):
    """At the limit and one byte over it, with a memory of the emulator that does not grow with the file."""
    pid = client.service.process.pid
    for size, status in ((200 << 20, 200), ((200 << 20) + 1, 400)):
        answer = client.upload(client.fields(client.policy(), data=bytes(size)))
        assert answer.status == status
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            assert int(file.read().split()[1]) * 4096 < 400 << 20
    assert client.service.uploads[-1]["bytes"] == 200 << 20


def test_the_result_is_a_video_that_plays(client, result, tmp_path):
    url, data = result
    answer = client.send("GET", url)
    assert (answer.status, answer.headers["content-type"]) == (200, "video/mp4")
    assert answer.headers["content-length"] == str(len(data)) and answer.headers["accept-ranges"] == "bytes"
    assert hashlib.sha256(data).hexdigest() == client.service.books()["result_sha256"]
    path = tmp_path / "result.mp4"
    path.write_bytes(data)
    facts = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                            "stream=codec_name,width,height,nb_read_frames,avg_frame_rate", "-of", "csv=p=0", path],
                           capture_output=True, text=True, check=True).stdout.strip()
    assert facts == "h264,704,1258,15/1,48"


@pytest.mark.parametrize("value, first, last", [("bytes=0-0", 0, 0), ("bytes=0-99", 0, 99), ("bytes=1000-", 1000, None),
                                                ("bytes=-100", -100, None), ("bytes=10-999999999", 10, None),
                                                ("bytes=-999999999", 0, None)])
def test_ranges(client, result, value, first, last):
    url, data = result
    answer = client.send("GET", url, headers={"Range": value})
    begin = first if first >= 0 else len(data) + first
    end = len(data) - 1 if last is None else last
    assert (answer.status, answer.body) == (206, data[begin:end + 1])
    assert answer.headers["content-range"] == f"bytes {begin}-{end}/{len(data)}"


@pytest.mark.parametrize("value", ["bytes=0-1,4-5", "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "lines=0-1", "0-1"])
def test_ranges_that_are_none_get_the_whole(client, result, value):
    url, data = result
    answer = client.send("GET", url, headers={"Range": value})
    assert (answer.status, answer.body) == (200, data)


def test_ranges_behind_the_end(client, result):
    url, data = result
    for value in (f"bytes={len(data)}-", "bytes=-0", "bytes=18446744073709551615-"):
        answer = client.send("GET", url, headers={"Range": value})
        assert answer.status == 416
        assert answer.headers["content-range"] == f"bytes */{len(data)}"
    assert client.send("GET", url, headers={"Range": f"bytes={len(data) - 1}-"}).body == data[-1:]


def test_if_range(client, result):
    url, data = result
    whole = client.send("GET", url)
    for value, status in ((whole.headers["etag"], 206), (whole.headers["last-modified"], 206), ('"other"', 200),
                          ("W/" + whole.headers["etag"], 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
        answer = client.send("GET", url, headers={"Range": "bytes=5-", "If-Range": value})
        assert (answer.status, answer.body) == (status, data[5:] if status == 206 else data)


def test_result_urls_are_signed_to_the_byte(client, result):
    url, _ = result
    for wrong in (url.replace("%2B", "+"), url.replace("%3D", "%3d"), url + "&x=1", url.split("?", maxsplit=1)[0],
                  url.replace("?Expires=", "?Expires=1"), url[:-4]):
        answer = client.send("GET", wrong)
        assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch"), wrong
    base, query = url.split("?")
    answer = client.send("GET", base.replace(".mp4", "x.mp4") + "?" + query)
    assert (answer.status, answer.code) == (404, "NoSuchKey")


def test_result_urls_take_no_key(client, result):
    answer = client.send("GET", result[0], headers=client.auth)
    assert (answer.status, answer.code) == (400, "InvalidArgument")


def test_result_urls_expire():
    with Emulator("--url-lifetime", "0") as service:
        client = Client(service)
        answer = client.send("GET", client.result_url(client.task()))
        assert (answer.status, answer.code) == (403, "AccessDenied")
        assert b"expired" in answer.body


def test_another_video_can_be_served(tmp_path):
    path = tmp_path / "other.mp4"
    path.write_bytes(b"not really a video")
    with Emulator("--video", path) as service:
        client = Client(service)
        assert client.send("GET", client.result_url(client.task())).body == b"not really a video"
