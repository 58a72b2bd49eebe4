"""`wanprep check` of URLs, against a web server that keeps books and can misbehave."""
import gzip
import json
import mmap
import os
import pathlib
import re
import signal
import struct
import subprocess
import time

import pytest

from conftest import FIXTURES, validate
from media_server import MediaServer

IMAGE = (FIXTURES / "images" / "person.jpg").read_bytes()
VIDEO = (FIXTURES / "videos" / "dance.mp4").read_bytes()
MB = 1 << 20


@pytest.fixture
def server():
    with MediaServer() as running:
        yield running


def check(wanprep, *args, code, private=True):
    """Checks with --json, wants this exit code and a document by the schema, and returns the document."""
    document = wanprep.json("check", "--json", *(["--allow-private"] if private else []), *args, code=code)
    validate(document, "check.schema.json")
    return document


def rules(document, level=None):
    return [each["rule"] for each in document["findings"] if level in (None, each["level"])]


def finding(document, rule):
    [found] = [each for each in document["findings"] if each["rule"] == rule]
    return found


def grown(data, size):
    """An MP4 whose mdat is the last box but the movie header, grown to a file of that size."""
    at = data.index(b"mdat") - 4
    length = struct.unpack(">I", data[at:at + 4])[0]
    moov = data[at + length:]
    assert moov[4:8] == b"moov"
    more = size - len(data)
    return data[:at] + struct.pack(">I", length + more) + data[at + 4:at + length], more, moov


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """150 MB with the index at the end: 30 s, 60 frames a second, and sound."""
    folder = tmp_path_factory.mktemp("big")
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=60:duration=29.5",
                    "-f", "lavfi", "-i", "sine=duration=29.5", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
                    folder / "small.mp4"], check=True)
    head, more, moov = grown((folder / "small.mp4").read_bytes(), 150 * 1000 * 1000)
    assert len(moov) > 30000
    with open(folder / "big.mp4", "wb") as file:
        file.write(head)
        file.seek(more, os.SEEK_CUR)
        file.write(moov)
    with open(folder / "big.mp4", "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert len(data) == 150 * 1000 * 1000
        yield data


def links(folder):
    """Where the entries of a folder of /proc lead; they come and go."""
    for path in folder.iterdir():
        try:
            yield os.readlink(path)
        except FileNotFoundError:
            pass


# What is read


def test_a_big_video_with_its_index_at_the_end_needs_few_requests_and_bytes(wanprep, server, big):
    url = server.put("/big.mp4", big)
    document = check(wanprep, "--depth", "header", "--video", url, code=0)
    facts = document["video"]["facts"]
    assert facts["duration"] == pytest.approx(29.5) and facts["frame_count"] == 1770 and facts["complete"] is True
    assert len(server.requests()) <= 4
    assert server.sent() <= 256 * 1000
    delivery = document["video"]["delivery"]
    assert (delivery["requests"], delivery["bytes_read"]) == (len(server.requests()), server.sent())
    assert len({each.connection for each in server.requests()}) == 1


def test_a_frame_of_it_needs_little_more(wanprep, server, big):
    document = check(wanprep, "--video", server.put("/big.mp4", big), code=0)
    assert document["video"]["facts"]["decode"] == "ok"
    assert len(server.requests()) <= 6
    assert server.sent() <= 700 * 1000


@pytest.mark.parametrize("depth", ["header", "frame", "full"])
def test_a_small_image_is_one_request(wanprep, server, depth):
    check(wanprep, "--depth", depth, "--image", server.put("/a.jpg", IMAGE, kind="image/jpeg"), code=0)
    [request] = server.requests()
    assert request.sent == len(IMAGE)


@pytest.mark.parametrize("depth", ["header", "frame", "full"])
@pytest.mark.parametrize("ranges", [True, False])
def test_facts_are_those_of_the_local_file(wanprep, server, depth, ranges, tmp_path):
    (tmp_path / "a.jpg").write_bytes(IMAGE)
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    local = wanprep.json("check", "--json", "--depth", depth, "a.jpg", "a.mp4")
    remote = check(wanprep, "--depth", depth, server.put("/a.jpg", IMAGE, kind="image/jpeg", ranges=ranges),
                   server.put("/a.mp4", VIDEO, ranges=ranges), code=0)
    for medium in ("image", "video"):
        assert remote[medium]["facts"] == local[medium]["facts"]
        assert remote[medium]["delivery"]["ranges"] is ranges
    assert rules(remote, "error") == [] and ("url.ranges" in rules(remote, "note")) is not ranges
    assert len(server.requests()) == 2


def test_a_local_and_a_remote_one_together(wanprep, server, tmp_path):
    (tmp_path / "a.jpg").write_bytes(IMAGE)
    document = check(wanprep, "a.jpg", server.put("/a.mp4", VIDEO), code=0)
    assert "delivery" not in document["image"] and document["video"]["delivery"]["trouble"] == "none"


def test_both_are_fetched_at_the_same_time(wanprep, server):
    began = []

    def note(number, page):
        began.append(time.monotonic())
        while len(began) < 2 and not server.server.stopping.wait(0.01):
            assert time.monotonic() - began[0] < 50, "the other one is not asked for"

    check(wanprep, server.put("/a.jpg", IMAGE, kind="image/jpeg", change=note), server.put("/a.mp4", VIDEO, change=note),
          code=0)
    assert len(began) == 2


def test_nothing_is_left_behind(wanprep, server, tmp_path):
    def names():
        return {path for folder in ("/tmp", "/var/tmp") for path in os.listdir(folder) if path.startswith("wanprep-")}
    before = names()
    check(wanprep, "--depth", "full", "--video", server.put("/a.mp4", VIDEO, ranges=False), code=0)
    assert names() <= before and not list(tmp_path.iterdir())


def test_nothing_is_left_behind_by_a_kill(wanprep, server):
    """The temporary file has no name even while it is written."""
    def names():
        return {path for folder in ("/tmp", "/var/tmp") for path in os.listdir(folder) if path.startswith("wanprep-")}
    before = names()
    process = wanprep.start("check", "--allow-private", "--depth", "full", "--video",
                            server.put("/a.mp4", VIDEO, ranges=False, drip=2000))
    folder = pathlib.Path(f"/proc/{process.pid}/fd")
    while not any(re.match(r"/(var/)?tmp/", link) for link in links(folder)):
        assert process.poll() is None
        time.sleep(0.005)
    assert names() <= before
    process.kill()
    process.communicate()
    assert names() <= before


# How much is read


def test_a_file_over_the_limit_is_not_fetched_where_its_size_is_told(wanprep, server):
    url = server.put("/a.jpg", IMAGE + bytes(5 * MB), kind="image/jpeg")
    document = check(wanprep, "--image", url, code=1)
    assert rules(document, "error") == ["image.size"] and finding(document, "image.size")["actual"] == len(IMAGE) + 5 * MB
    assert document["image"]["delivery"]["trouble"] == "too-large"
    assert document["image"]["delivery"]["bytes_read"] < 256 * 1024


def test_a_file_over_the_limit_is_given_up_as_it_arrives(wanprep, server):
    url = server.put("/a.jpg", IMAGE + bytes(64 * MB), kind="image/jpeg", ranges=False, length=False)
    document = check(wanprep, "--image", url, code=1)
    assert rules(document, "error") == ["image.size"]
    assert document["image"]["delivery"]["bytes_read"] <= 6 * MB


def test_an_image_just_within_the_limit_is_fetched(wanprep, server):
    url = server.put("/a.jpg", IMAGE + bytes(5 * MB - len(IMAGE)), kind="image/jpeg", ranges=False, length=False)
    document = check(wanprep, "--image", url, code=0)
    assert document["image"]["facts"]["bytes"] == 5 * MB and "image.size-unit" in rules(document, "warning")
    assert "url.content-length" in rules(document, "warning")


def test_a_video_over_the_limit_is_still_measured_by_ranges(wanprep, server, tmp_path, big):
    path = tmp_path / "huge.mp4"
    at = bytes(big[:100]).index(b"mdat") - 4
    length = struct.unpack(">I", big[at:at + 4])[0]
    with open(path, "wb") as file:
        file.write(big[:at] + struct.pack(">I", length + 60_000_000) + big[at + 4:1_000_000])
        file.seek(at + length + 60_000_000)
        file.write(big[at + length:])
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        document = check(wanprep, "--depth", "header", "--video", server.put("/a.mp4", data), code=1)
    assert rules(document, "error") == ["video.size"] and document["video"]["facts"]["duration"] == pytest.approx(29.5)
    assert server.sent() <= 256 * 1000


def test_an_empty_file(wanprep, server):
    for ranges in (True, False):
        document = check(wanprep, "--image", server.put("/a.jpg", b"", kind="image/jpeg", ranges=ranges), code=1)
        assert rules(document, "error") == ["image.unreadable"]


# What is in the way


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:{port}/a.jpg", "http://localhost:{port}/a.jpg", "http://[::1]:{port}/a.jpg", "http://2130706433:{port}/a.jpg",
    "http://0x7f.1:{port}/a.jpg", "http://0.0.0.0:{port}/a.jpg", "http://[::ffff:127.0.0.1]:{port}/a.jpg",
    "http://10.0.0.1/a.jpg", "http://172.16.0.1/a.jpg", "http://192.168.1.1/a.jpg", "http://100.64.0.1/a.jpg",
    "http://169.254.169.254/latest/meta-data/a.jpg", "http://[fe80::1]/a.jpg", "http://[fd00::1]/a.jpg",
    "http://metadata.google.internal/a.jpg", "http://metadata/a.jpg", "http://printer.local/a.jpg", "http://a.localhost./a.jpg",
    "http://168.63.129.16/a.jpg", "http://192.0.2.1/a.jpg", "http://224.0.0.1/a.jpg", "https://127.0.0.1:{port}/a.jpg",
])
def test_addresses_that_are_not_public_are_never_asked(wanprep, server, url):
    server.put("/a.jpg", IMAGE, kind="image/jpeg")
    url = url.format(port=server.root.rsplit(":", 1)[1])
    document = check(wanprep, "--image", url, code=3, private=False)
    assert rules(document) == ["url.private-address"]
    assert document["image"]["delivery"]["address_kind"] not in ("public", None)
    assert server.requests() == []


RESOLVER = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **out);
int getaddrinfo(const char *name, const char *port, const struct addrinfo *hints, struct addrinfo **out)
{
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(RTLD_NEXT, "getaddrinfo");
    return next(name && strstr(name, ".rebind.example.com") ? "127.0.0.1" : name, port, hints, out);
}
"""


def test_a_public_name_that_resolves_to_a_private_address(wanprep, server, tmp_path):
    (tmp_path / "resolver.c").write_text(RESOLVER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "resolver.so", "resolver.c", "-ldl"], cwd=tmp_path, check=True)
    wanprep.env["LD_PRELOAD"] = str(tmp_path / "resolver.so")
    wanprep.env["ASAN_OPTIONS"] = wanprep.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    server.put("/a.jpg", IMAGE, kind="image/jpeg")
    url = server.root.replace("127.0.0.1", "cdn.rebind.example.com") + "/a.jpg"
    document = check(wanprep, "--image", url, code=3, private=False)
    assert rules(document) == ["url.private-address"] and server.requests() == []
    assert finding(document, "url.private-address")["actual"] == "127.0.0.1"
    check(wanprep, "--image", url, code=0)  # the name does resolve so
    assert len(server.requests()) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503, 204, 304])
def test_a_status_that_is_no_success(wanprep, server, status):
    document = check(wanprep, "--image", server.put("/a.jpg", status=status), code=3)
    assert rules(document) == ["url.status"] and finding(document, "url.status")["actual"] == status
    assert document["image"]["state"] == "unavailable"


def test_what_is_in_the_way_cannot_be_ignored(wanprep, server):
    for level in ("off", "warning"):
        document = check(wanprep, "--level", f"url.status={level}", "--image", server.put("/a.jpg", status=404), code=3)
        assert "image.undetermined" in rules(document, "error")


def test_a_login_page(wanprep, server):
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>"
    document = check(wanprep, "--image", server.put("/a.jpg", page, kind="text/html; charset=utf-8"), code=1)
    assert rules(document, "error") == ["image.format"] and rules(document, "warning") == ["url.content-type"]


def test_a_name_that_does_not_resolve(wanprep):
    document = check(wanprep, "--image", "http://no-such-host.invalid/a.jpg", code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "no-host"


def test_nobody_listens(wanprep, server):
    url = server.put("/a.jpg", IMAGE)
    server.__exit__()
    document = check(wanprep, "--image", url, code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "no-connection"
    server.__enter__()


def test_a_password_in_the_url(wanprep, server):
    url = server.put("/a.jpg", IMAGE).replace("http://", "http://me:secret@")
    done = wanprep("check", "--json", "--allow-private", "-vv", "--image", url)
    assert done.returncode == 1 and rules(json.loads(done.stdout)) == ["url.userinfo"]
    assert "secret" not in done.stdout + done.stderr and server.requests() == []


def test_characters_that_are_not_ascii(wanprep, server):
    server.put("/m%C3%A4dchen%201.jpg", IMAGE, kind="image/jpeg")
    document = check(wanprep, "--image", server.root + "/mädchen 1.jpg", code=1)
    assert rules(document) == ["url.non-ascii"] and "/m%C3%A4dchen%201.jpg" in finding(document, "url.non-ascii")["fix"]
    assert document["image"]["facts"]["format"] == "JPEG"  # measured all the same
    check(wanprep, "--image", server.root + "/m%C3%A4dchen%201.jpg", code=0)


# Redirects


def test_a_redirect_is_told(wanprep, server):
    server.put("/b.jpg", IMAGE, kind="image/jpeg")
    document = check(wanprep, "--image", server.put("/a.jpg", location="b.jpg?sig=hidden"), code=0)
    delivery = document["image"]["delivery"]
    assert rules(document) == ["url.redirect"]
    assert (delivery["redirects"], delivery["final_url"]) == (1, server.root + "/b.jpg?sig=***")


def test_five_redirects_are_followed_and_six_are_not(wanprep, server):
    server.put("/0.jpg", IMAGE, kind="image/jpeg")
    for i in range(1, 7):
        server.put(f"/{i}.jpg", location=f"/{i - 1}.jpg")
    assert rules(check(wanprep, "--image", server.root + "/5.jpg", code=0)) == ["url.redirect"]
    document = check(wanprep, "--image", server.root + "/6.jpg", code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "redirects"


def test_a_circle_of_redirects_is_left_at_once(wanprep, server):
    server.put("/b.jpg", location="/a.jpg")
    document = check(wanprep, "--image", server.put("/a.jpg", location="/b.jpg"), code=3)
    assert rules(document) == ["url.unreachable"] and len(server.requests()) == 2


def test_a_redirect_that_is_not_percent_encoded(wanprep, server):
    server.put("/m%c3%a4dchen%201.jpg", IMAGE, kind="image/jpeg")
    location = "/mädchen 1.jpg".encode().decode("latin-1")  # headers are sent so
    document = check(wanprep, "--image", server.put("/a.jpg", location=location), code=0)
    assert document["image"]["delivery"]["final_url"] == server.root + "/m%c3%a4dchen%201.jpg"


@pytest.mark.parametrize("location", ["ftp://example.com/a.jpg", "file:///etc/passwd", "http://me:pw@example.com/", "http://", "\x01"])
def test_a_redirect_to_what_is_no_public_url(wanprep, server, location):
    document = check(wanprep, "--image", server.put("/a.jpg", location=location), code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "redirects"
    assert len(server.requests()) == 1 and "me:pw" not in json.dumps(document)


# A server that lies


@pytest.mark.parametrize("lie", [
    lambda first, last, total: None,
    lambda first, last, total: f"bytes {first + 1}-{last}/{total}",
    lambda first, last, total: f"bytes {first}-{last - 1}/{total}",
    lambda first, last, total: f"bytes {first}-{last}/*",
    lambda first, last, total: f"bytes {last}-{first}/{total}",
    lambda first, last, total: f"bytes {first}-{total}/{total}",
    lambda first, last, total: f"bytes {first}-{last}/{total + 1000}" if first == 0 and last < 70000 and total < 70000 else "x",
    lambda first, last, total: "nonsense",
], ids=["none", "start", "end", "total", "backwards", "beyond", "more", "nonsense"])
@pytest.mark.parametrize("depth", ["header", "frame"])
def test_wrong_ranges(wanprep, server, lie, depth):
    document = check(wanprep, "--depth", depth, "--image", server.put("/a.jpg", IMAGE, kind="image/jpeg", lie=lie), code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "inconsistent"


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("cut", [0, 1000])
def test_an_answer_that_ends_early(wanprep, server, ranges, cut):
    document = check(wanprep, "--image", server.put("/a.jpg", IMAGE, kind="image/jpeg", ranges=ranges, cut=cut), code=3)
    assert rules(document) == ["url.unreachable"]
    assert document["image"]["delivery"]["trouble"] == "inconsistent"


def test_a_size_that_is_not_there(wanprep, server, big):
    """The first answer promises a file of 1 GB; behind its real end there is nothing."""
    lie = lambda first, last, total: f"bytes {first}-{last}/1000000000"
    document = check(wanprep, "--depth", "header", "--video", server.put("/a.mp4", big[:MB], lie=lie), code=3)
    assert rules(document) == ["url.unreachable"]


@pytest.mark.parametrize("what", ["etag", "last-modified", "size", "whole"])
def test_a_file_that_changes_while_it_is_read(wanprep, server, big, what):
    def change(number, page):
        if what == "size" and number == 1:
            page.data = big[:-1]
        if what == "whole" and number == 1:
            page.ranges = False

    headers = {
        "etag": lambda number: {"ETag": f'"{number > 0}"'},
        "last-modified": lambda number: {"Last-Modified": f"Sun, 0{1 + (number > 0)} Nov 2026 08:49:37 GMT"},
    }.get(what)
    document = check(wanprep, "--depth", "header", "--video", server.put("/a.mp4", big, headers=headers, change=change), code=3)
    assert rules(document) == ["url.unreachable"]
    assert document["video"]["delivery"]["trouble"] == ("inconsistent" if what == "whole" else "changed")
    assert len(server.requests()) == 2


def test_marks_that_stay_are_no_change(wanprep, server, big):
    headers = {"ETag": '"a"', "Last-Modified": "Sun, 01 Nov 2026 08:49:37 GMT"}
    document = check(wanprep, "--depth", "header", "--video", server.put("/a.mp4", big, headers=headers), code=0)
    assert len(server.requests()) >= 2 and document["video"]["delivery"]["etag"] == '"a"'


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("encoding,refused", [("gzip", True), ("br", True), ("Identity", False)])
def test_an_answer_that_is_encoded(wanprep, server, ranges, encoding, refused):
    data = gzip.compress(IMAGE) if refused else IMAGE
    url = server.put("/a.jpg", data, kind="image/jpeg", ranges=ranges, headers={"Content-Encoding": encoding})
    document = check(wanprep, "--image", url, code=3 if refused else 0)
    assert rules(document, "error") == (["url.unreachable"] if refused else [])
    assert document["image"]["delivery"]["trouble"] == ("inconsistent" if refused else "none")
    assert server.requests()[0].headers["accept-encoding"] == "identity"


# Time


@pytest.mark.parametrize("behaviour", [{"delay": 60}, {"drip": 10}, {"drip": 10, "ranges": False}, {"delay": 60, "ranges": False}],
                         ids=["silence", "drip", "drip whole", "silence whole"])
@pytest.mark.parametrize("depth", ["header", "full"])
def test_a_slow_server_is_given_up(wanprep, server, behaviour, depth):
    url = server.put("/a.jpg", IMAGE, kind="image/jpeg", **behaviour)
    document = check(wanprep, "--depth", depth, "--fetch-timeout", "400ms", "--image", url, code=3)
    assert rules(document) == ["url.unreachable"] and document["image"]["delivery"]["trouble"] == "timeout"


def test_an_interrupt_ends_the_reading_of_a_url(wanprep, server):
    server.put("/a.jpg", IMAGE, kind="image/jpeg", delay=60)
    process = wanprep.start("run", "--dry-run", "--allow-private", server.root + "/a.jpg", server.put("/a.mp4", VIDEO))
    while not server.requests("/a.jpg"):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=50)
    assert (process.returncode, output) == (130, "") and "interrupted" in errors


# Types


@pytest.mark.parametrize("kind,warned", [
    ("image/jpeg", False), ("IMAGE/PNG", False), ("application/octet-stream", False), ("binary/octet-stream", False),
    ("image/jpeg; x=y", False), ("video/mp4", True), ("text/plain", True), (None, True)])
def test_content_types(wanprep, server, kind, warned):
    document = check(wanprep, "--image", server.put("/a.jpg", IMAGE, kind=kind), code=0)
    assert rules(document) == (["url.content-type"] if warned else [])
