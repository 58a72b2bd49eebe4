"""`wanprep check` of many pairs: arguments in turn, matrices and manifests; order, exit codes, and rows of no use."""
import collections
import http.server
import json
import shutil
import threading

import pytest

from conftest import FIXTURES, validate

IMAGES = FIXTURES / "images"
VIDEOS = FIXTURES / "videos"
IMAGE, VIDEO = IMAGES / "person.jpg", VIDEOS / "dance.mp4"
SMALL, TEXT = IMAGES / "side-199.png", VIDEOS / "text.mp4"  # both are rejected


def check(wanprep, *args, code=0):
    """Runs check, wants this exit code and JSON Lines by the schema, and returns the documents."""
    done = wanprep("check", "--format", "jsonl", *args)
    assert done.returncode == code, (done.returncode, done.stderr)
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    for document in documents[:5]:
        validate(document, "check.schema.json")
    return documents


def sources(documents):
    return [tuple(document.get(medium, {}).get("source") for medium in ("image", "video")) for document in documents]


def text(path):
    return str(path)


def test_arguments_are_pairs_in_turn(wanprep):
    documents = check(wanprep, IMAGE, VIDEO, IMAGES / "good.png", VIDEO)
    assert sources(documents) == [(text(IMAGE), text(VIDEO)), (text(IMAGES / "good.png"), text(VIDEO))]


def test_a_matrix_is_images_by_videos(wanprep):
    images, videos = [IMAGE, SMALL], [VIDEO, VIDEOS / "h264.mov", VIDEOS / "h264.avi"]
    named = [part for video in videos[:1] for part in ("--video", video)]
    named += [part for image in images for part in ("--image", image)]
    named += [part for video in videos[1:] for part in ("--video", video)]
    documents = check(wanprep, *named, code=1)
    assert sources(documents) == [(text(image), text(video)) for image in images for video in videos]
    assert [document["verdict"] for document in documents] == ["accept"] * 3 + ["reject"] * 3


def test_one_side_alone(wanprep):
    assert sources(check(wanprep, "--image", IMAGE, "--image", IMAGES / "good.png")) == [
        (text(IMAGE), None), (text(IMAGES / "good.png"), None)]
    assert sources(check(wanprep, "--video", VIDEO, "--video", VIDEO)) == [(None, text(VIDEO))] * 2


@pytest.mark.parametrize("args, code", [
    ([IMAGE, VIDEO, IMAGE, VIDEO], 0),
    ([IMAGE, VIDEO, SMALL, VIDEO], 1),
    ([SMALL, VIDEO, IMAGE, VIDEO], 1),
    ([IMAGE, "missing.mp4", IMAGE, VIDEO], 3),
    ([SMALL, VIDEO, "missing.jpg", VIDEO, SMALL, VIDEO], 3),
    (["missing.jpg", TEXT, SMALL, VIDEO], 3),
])
def test_what_could_not_be_had_outweighs_a_rejection(wanprep, args, code):
    assert len(check(wanprep, *args, code=code)) == len(args) // 2


def write_csv(path, rows, end="\r\n"):
    path.write_text("".join(",".join(row) + end for row in rows))
    return path


def test_csv_and_json_lines_mean_the_same(wanprep, tmp_path):
    csv = write_csv(tmp_path / "pairs.csv", [("image", "video", "mode"), (text(IMAGE), text(VIDEO), "wan-pro"),
                                             ("", text(VIDEO), ""), (text(IMAGE), "", "")])
    lines = tmp_path / "pairs.jsonl"
    rows = [{"image": text(IMAGE), "video": text(VIDEO), "mode": "wan-pro"}, {"video": text(VIDEO)}, {"image": text(IMAGE)}]
    lines.write_text("\n".join(map(json.dumps, rows)))
    for manifest in (csv, lines):
        documents = check(wanprep, "--manifest", manifest)
        assert sources(documents) == [(text(IMAGE), text(VIDEO)), (None, text(VIDEO)), (text(IMAGE), None)]
        assert documents[0]["cost"] == {"currency": "CNY", "mode": "wan-pro", "seconds": 3, "amount": 1.8}
        assert documents[1]["cost"]["mode"] == "wan-std" and "cost" not in documents[2]
    document = check(wanprep, "--manifest", csv, "--mode", "wan-pro", "--region", "intl")[1]
    assert document["cost"]["mode"] == "wan-pro" and document["cost"]["currency"] == "USD"


def test_paths_are_relative_to_the_manifest(wanprep, tmp_path):
    (tmp_path / "set").mkdir()
    shutil.copy(IMAGE, tmp_path / "set" / "it's, an image.jpg")
    shutil.copy(VIDEO, tmp_path / "b.mp4")
    (tmp_path / "set" / "m.csv").write_bytes(b'\xef\xbb\xbfvideo,image\r\n../b.mp4,"it\'s, an image.jpg"\r\n')
    assert sources(check(wanprep, "--manifest", "set/m.csv")) == [("set/it's, an image.jpg", "set/../b.mp4")]
    wanprep.folder = tmp_path / "set"
    assert sources(check(wanprep, "--manifest", "m.csv")) == [("it's, an image.jpg", "../b.mp4")]


def test_one_pair_is_one_document_and_more_are_lines(wanprep, tmp_path):
    one = write_csv(tmp_path / "one.csv", [("image", "video"), (text(IMAGE), text(VIDEO))])
    validate(wanprep.json("check", "--json", "--manifest", one), "check.schema.json")
    assert wanprep("check", "--json", "--manifest", one).stdout.count("\n") > 1
    many = wanprep("check", "--json", IMAGE, VIDEO, IMAGE, VIDEO).stdout.splitlines()
    assert len(many) == 2 and all(json.loads(line)["verdict"] == "accept" for line in many)


@pytest.mark.parametrize("name, content, told", [
    ("m.csv", "image,video\n{image},{video}\n{image}\n,\nx,y,z\n", ["m.csv:3:", "m.csv:5:", "2 of the 3"]),
    ("m.csv", "image,video\n\"{image},{video}\n", ["m.csv:2:", "quote"]),
    ("m.csv", "image,video,mode\n{image},{video},wan-std\n{image},{video},pro\n", ["m.csv:3:", "pro"]),
    ("m.jsonl", '{{"image": "{image}"}}\n{{"video": "{video}"\n', ["m.jsonl:2:", "JSON"]),
    ("m.jsonl", '{{"image": "{image}"}}\n{{"picture": "{image}"}}\n', ["m.jsonl:2:"]),
])
def test_a_row_of_no_use_never_passes(wanprep, tmp_path, name, content, told):
    (tmp_path / name).write_text(content.format(image=IMAGE, video=VIDEO))
    done = wanprep("check", "--manifest", name, "--output", "junit=out.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "out.xml").exists()
    for part in told:
        assert part in done.stderr


def test_no_flood_of_bad_rows(wanprep, tmp_path):
    (tmp_path / "m.csv").write_text("image,video\n" + "a\n" * 1000)
    done = wanprep("check", "--manifest", "m.csv")
    assert done.returncode == 2 and 3 < done.stderr.count("\n") < 30 and "1000 of the 1000" in done.stderr


@pytest.mark.parametrize("content", [None, b"", b"image,video\n", b"a.jpg,b.mp4\nc.jpg,d.mp4\n", b"image;video\na;b\n",
                                     b"[]", b"\0", b"\xff\xfei\0m\0a\0g\0e\0"])
def test_what_is_no_manifest_is_a_usage_error(wanprep, tmp_path, content):
    if content is not None:
        (tmp_path / "m.csv").write_bytes(content)
    done = wanprep("check", "--manifest", "m.csv")
    assert (done.returncode, done.stdout) == (2, "") and "m.csv" in done.stderr


@pytest.mark.parametrize("args, named", [
    (["--manifest", "m.csv", "a.jpg", "b.mp4"], "a.jpg"),
    (["--manifest", "m.csv", "--image", "a.jpg"], "--manifest"),
    (["--manifest", ""], "--manifest"),
    (["a.jpg", "b.mp4", "c.jpg"], "c.jpg"),
    (["--image", "a.jpg", "--video", "b.mp4", "c.jpg"], "c.jpg"),
    (["--image=x"] * 1025, "1024"),
])
def test_usage_errors(wanprep, args, named):
    done = wanprep("check", *args)
    assert (done.returncode, done.stdout) == (2, "") and named in done.stderr


def test_hundreds_of_pairs_keep_their_order_whatever_the_workers(wanprep, tmp_path):
    good = [IMAGE, IMAGES / "good.png", IMAGES / "good.webp", SMALL, IMAGES / "text.jpg"]
    pairs = [(good[i % len(good)], [VIDEO, TEXT][i % 7 == 3]) for i in range(300)]
    manifest = write_csv(tmp_path / "m.csv", [("image", "video"), *[tuple(map(text, pair)) for pair in pairs]])
    def verdicts(*args):
        documents = check(wanprep, "--manifest", manifest, "--depth", "header", *args, code=1)
        assert sources(documents) == [tuple(map(text, pair)) for pair in pairs]
        return [(document["verdict"], sorted(finding["rule"] for finding in document["findings"])) for document in documents]
    one = verdicts("--workers", "1")
    assert verdicts("--workers", "8") == one
    assert len({str(each) for each in one}) > 3


def test_each_input_is_fetched_once(wanprep):
    requests = collections.Counter()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=FIXTURES)

        def do_GET(self):
            requests[self.path] += 1
            super().do_GET()

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        image, videos = f"{base}/images/person.jpg", [f"{base}/videos/{name}.mp4" for name in ("dance", "h264", "vfr")]
        options = ["--allow-private", "--level", "url.private-address=note"]
        options += [part for _ in range(20) for video in videos for part in ("--video", video)]
        alone = wanprep("check", "--allow-private", "--image", image)
        assert requests["/images/person.jpg"] >= 1, alone.stderr
        once = dict(requests)
        requests.clear()
        done = wanprep("check", "--format", "jsonl", *options, "--image", image, "--image", image)
        server.shutdown()
    assert done.stdout.count("\n") == 120
    assert {path: count for path, count in requests.items() if "images" in path} == once
    assert len(requests) == 4
    per_video = {path: count for path, count in requests.items() if "videos" in path}
    assert max(per_video.values()) < 10


@pytest.mark.parametrize("name, content, named", [
    ("m.csv", "image,movie\n{image},{video}\n", ["'movie'", "'video'"]),
    ("m.csv", "image,video,Modes\n{image},{video},wan-pro\n", ["'Modes'", "'mode'"]),
    ("m.jsonl", '{{"image": "{image}", "movie": "{video}"}}\n', ["m.jsonl:1:", "'movie'", "'video'"]),
])
def test_a_name_that_may_stand_for_a_known_one_is_refused(wanprep, tmp_path, name, content, named):
    (tmp_path / name).write_text(content.format(image=IMAGE, video=VIDEO))
    done = wanprep("check", "--manifest", name)
    assert done.returncode == 2 and not done.stdout
    assert all(part in done.stderr for part in [*named, "image, video, mode, watermark and check_image"])


@pytest.mark.parametrize("name, content, pairs", [
    ("m.csv", "image,movie,video\n{image},x,{video}\n", [(text(IMAGE), text(VIDEO))]),
    ("m.csv", "image,movie,video\n{image},x,\n", [(text(IMAGE), None)]),
    ("m.jsonl", '{{"image": "{image}", "movie": "x", "video": null}}\n', [(text(IMAGE), None)]),
])
def test_other_names_are_taken_where_both_media_are_named(wanprep, tmp_path, name, content, pairs):
    (tmp_path / name).write_text(content.format(image=IMAGE, video=VIDEO))
    assert sources(check(wanprep, "--manifest", name)) == pairs
