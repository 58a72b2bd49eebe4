"""`wanprep check` of signed URLs: when they expire, and what of them is hidden."""
import json
import time

import pytest

from conftest import FIXTURES, validate
from media_server import MediaServer
from test_remote import check, rules

IMAGE = (FIXTURES / "images" / "person.jpg").read_bytes()


@pytest.fixture
def server():
    with MediaServer() as running:
        yield running


def stamp(seconds, form="%Y%m%dT%H%M%SZ"):
    return time.strftime(form, time.gmtime(time.time() + seconds))


SIGNED = {
    "OSS": lambda left: f"OSSAccessKeyId=SECRET1&Expires={int(time.time() + left)}&Signature=SECRET2",
    "OSS4": lambda left: f"x-oss-date={stamp(left - 7200)}&x-oss-expires=7200&x-oss-credential=SECRET1&x-oss-signature=SECRET2",
    "S3": lambda left: f"X-Amz-Date={stamp(left - 7200)}&X-Amz-Expires=7200&X-Amz-Credential=SECRET1&X-Amz-Signature=SECRET2",
    "S3 old": lambda left: f"AWSAccessKeyId=SECRET1&Expires={int(time.time() + left)}&Signature=SECRET2",
    "GCS": lambda left: f"X-Goog-Date={stamp(left - 7200)}&X-Goog-Expires=7200&X-Goog-Credential=SECRET1&X-Goog-Signature=SECRET2",
    "Azure": lambda left: f"sv=2024-08-04&se={stamp(left, '%Y-%m-%dT%H%%3A%M%%3A%SZ')}&sr=b&sp=r&sig=SECRET2",
}


@pytest.mark.parametrize("form", SIGNED)
def test_signed_urls(wanprep, server, form):
    url = server.put("/a.jpg", IMAGE, kind="image/jpeg")
    for left, level, rule in ((-60, "error", "url.expired"), (3000, "warning", "url.expiring"), (5000, None, None)):
        done = wanprep("check", "--json", "--allow-private", "-vv", "--image", f"{url}?{SIGNED[form](left)}")
        document = json.loads(done.stdout)
        validate(document, "check.schema.json")
        assert (done.returncode, rules(document)) == (1 if left < 0 else 0, [rule] if rule else [])
        assert document["image"]["delivery"]["signature_form"] == form.split()[0].rstrip("4")
        assert abs(document["image"]["delivery"]["expires_in_s"] - left) < 60
        assert "SECRET" not in done.stdout + done.stderr


def test_an_expired_url_that_is_refused_is_one_finding(wanprep, server):
    url = server.put("/a.jpg", status=403)
    assert rules(check(wanprep, "--image", f"{url}?{SIGNED['OSS'](-60)}", code=3)) == ["url.expired"]
    assert rules(check(wanprep, "--image", f"{url}?{SIGNED['OSS'](9000)}", code=3)) == ["url.status"]


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_secrets_are_hidden_in_every_report(wanprep, server, form):
    secret = "?" + SIGNED["OSS"](100)
    server.put("/b.jpg", status=500)
    url = server.put("/a.jpg", location="/b.jpg" + secret)
    for args in (["--image", url + secret], ["--image", server.root + "/b.jpg" + secret]):
        done = wanprep("check", "-vv", "--allow-private", "--format", form, *args)
        assert done.returncode == 3 and "SECRET" not in done.stdout + done.stderr
    assert any("SECRET2" in each.path for each in server.requests())
