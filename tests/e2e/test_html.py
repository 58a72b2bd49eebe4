"""The HTML report, in a headless Chromium: what it shows, filter and sort, that it talks to nobody, and that everyone can
use it."""
import base64
import html.parser
import http.server
import json
import shutil
import threading

import pytest

from browser import Browser
from conftest import FIXTURES, Wanprep

EVIL = "a<script>window.pwned=1</script><img src=x onerror=window.pwned=1>\"'&amp;\n\u202egpj.jpg"
TAB, ENTER = "\ue004", "\ue007"
PAIRS = [  # image, video, verdict
    ("good.jpg", "dance.mp4", "accept"),
    ("small.png", "short.mp4", "reject"),
    (EVIL, "dance.mp4", "accept"),
    ("missing.jpg", "cut.mp4", "reject"),
    ("good.jpg", "long.mp4", "reject"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("html")
    for name, fixture in [("good.jpg", "images/person.jpg"), ("small.png", "images/png-transparent.png"),
                          (EVIL.replace("/", "\\"), "images/person.jpg"), ("dance.mp4", "videos/dance.mp4"),
                          ("short.mp4", "videos/duration-1.9.mp4"), ("cut.mp4", "videos/truncated.mp4"),
                          ("long.mp4", "videos/duration-30.07.mp4")]:
        shutil.copy(FIXTURES / fixture, folder / name)
    return folder


def make_report(folder, pairs, name, code):
    names = [name_.replace("/", "\\") for image, video, _ in pairs for name_ in (image, video)]
    done = Wanprep(folder)("check", *names, "--report", name)
    assert done.returncode == code, done.stderr
    return folder / name


@pytest.fixture(scope="module")
def report(folder):
    return make_report(folder, PAIRS, "report.html", 3)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def page(chromium, report):
    chromium.devtools("Emulation.clearDeviceMetricsOverride")
    chromium.devtools("Emulation.setEmulatedMedia", media="", features=[])
    chromium.open("about:blank")
    chromium.log("browser"), chromium.log("performance")
    chromium.open(report.as_uri())
    return chromium


def choose(page, control, value):
    page.run("const e = document.getElementById(arguments[0]); e.value = arguments[1];"
             "e.dispatchEvent(new Event('input', {bubbles: true}))", control, value)


def shown(page):
    """The numbers of the pairs that are seen, from above."""
    return page.run("return [...document.querySelectorAll('.pair')].filter((p) => p.getClientRects().length)"
                    ".sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"
                    ".map((p) => Number(p.dataset.index))")


def test_each_pair_is_there_with_pictures(page):
    assert shown(page) == [1, 2, 3, 4, 5]
    assert page.run("return [...document.querySelectorAll('.pair')].map((p) => p.classList[1])") == [v for *_, v in PAIRS]
    assert page.run("return [...document.images].every((i) => i.complete && i.naturalWidth > 0)")
    counts = page.run("return [...document.querySelectorAll('.pair')].map((p) =>"
                      "[p.querySelectorAll('.image img').length, p.querySelectorAll('.strip img').length])")
    assert counts[0] == counts[1] == counts[2] == counts[4] == [1, 6]
    assert counts[3][0] == 0 and 1 <= counts[3][1] <= 6
    tiles = page.run("return Object.fromEntries([...document.querySelectorAll('.tiles > div')].map((d) =>"
                     "[d.querySelector('dt').textContent, d.querySelector('dd').textContent]))")
    assert tiles["pairs"] == "5" and tiles["accepted"] == "2" and tiles["rejected"] == "3"


def test_nobody_is_asked_and_nothing_is_wrong(page, report):
    page.run("document.getElementById('open').click()")
    events = [json.loads(entry["message"])["message"] for entry in page.log("performance")]
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert {url for url in asked if url.startswith("file")} == {report.as_uri()}
    assert page.log("browser") == []


def test_foreign_text_is_only_text(page):
    assert page.run("return document.scripts.length") == 1
    assert page.run("return window.pwned === undefined")
    names = page.run("return [...document.querySelectorAll('h3')].map((h) => h.textContent)")
    assert "<script>window.pwned=1<\\script>" in names[2] and "&amp;" in names[2]
    assert not any(mark in page.run("return document.documentElement.outerHTML") for mark in "\u202e\u2066\u200f")
    assert page.run("return [...document.querySelectorAll('*')].every((e) =>"
                    "[...e.attributes].every((a) => !a.name.startsWith('on') && a.name !== 'style'))")


DIRECTIVES = {"img-src", "script-src-attr", "script-src-elem", "style-src-attr", "frame-src", "media-src", "style-src-elem",
              "connect-src", "form-action"}


def test_the_policy_blocks_what_might_slip_in(page):
    requests = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        blocked = page.run("""
            const url = arguments[0];
            const blocked = new Set();
            document.addEventListener('securitypolicyviolation', (event) => blocked.add(event.effectiveDirective));
            document.body.insertAdjacentHTML('beforeend', `<img src="${url}a.png"><img src="data:," onerror="window.pwned = 1">
              <p style="color: red"></p><iframe src="${url}b"></iframe><video src="${url}c"></video>
              <link rel="stylesheet" href="${url}d"><form action="${url}e"></form>`);
            const script = document.createElement('script');
            script.textContent = 'window.pwned = 2';
            document.body.append(script);
            document.forms[document.forms.length - 1].submit();
            return fetch(url + 'f').catch(() => new Promise((done) => {
              const look = (times) => arguments[1].every((name) => blocked.has(name)) || times === 0
                ? done([...blocked]) : setTimeout(() => look(times - 1), 50);
              look(400);
            }));
        """, f"http://127.0.0.1:{server.server_port}/", sorted(DIRECTIVES))
        server.shutdown()
    assert requests == []
    assert page.run("return window.pwned === undefined")
    assert DIRECTIVES <= set(blocked)


@pytest.mark.parametrize("control, value, expected", [
    ("verdict", "accept", [1, 3]), ("verdict", "reject", [2, 4, 5]), ("level", "error", [2, 4, 5]),
    ("rule", "video.duration", [2, 5]), ("rule", "image.unreadable", [4]), ("text", "SHORT.mp4", [2]),
    ("text", "dance.mp4 window.pwned", [3]), ("text", "no such thing", []), ("text", "   ", [1, 2, 3, 4, 5])])
def test_filter(page, control, value, expected):
    choose(page, control, value)
    assert shown(page) == expected
    count = page.run("return document.getElementById('count').textContent")
    assert count.split()[0] == str(len(expected))
    assert page.run("return document.getElementById('none').getClientRects().length > 0") == (not expected)


def test_filters_add_up_and_reset(page):
    choose(page, "verdict", "reject")
    choose(page, "level", "warning")
    choose(page, "rule", "image.transparency")
    assert shown(page) == [2]
    choose(page, "verdict", "accept")
    assert shown(page) == []
    page.click("button[type=reset]")
    assert page.run("return new Promise((done) => setTimeout(() => done(document.querySelectorAll('.pair[hidden]').length)))") == 0
    assert shown(page) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("order, expected", [
    ("given", [1, 2, 3, 4, 5]), ("rejected", [2, 4, 5, 1, 3]), ("errors", None), ("name", [3, 1, 5, 4, 2]),
    ("longest", [5, 1, 3, 4, 2])])
def test_sort(page, order, expected):
    choose(page, "sort", "longest" if order == "given" else "given")
    choose(page, "sort", order)
    if expected is None:
        errors = page.run("return [...document.querySelectorAll('.pair')].map((p) => Number(p.dataset.errors))")
        assert errors == sorted(errors, reverse=True) and errors[0] > errors[-1]
    else:
        assert shown(page) == expected


def test_a_fix_is_copied_as_it_is(page, folder):
    copied = page.run("""
        const box = [...document.querySelectorAll('.finding')].find((f) => f.dataset.rule === 'video.duration')
          .querySelector('.command');
        let text = null;
        Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (t) => { text = t; }}, configurable: true});
        box.querySelector('button').click();
        return new Promise((done) => setTimeout(() => done([text, box.querySelector('button').textContent]), 50));
    """)
    document = json.loads(Wanprep(folder)("check", "--json", "small.png", "short.mp4").stdout)
    fix = next(f["fix"] for f in document["findings"] if f["rule"] == "video.duration")
    assert copied == [fix[fix.index("ffmpeg"):], "Copied"]


def test_details_open_for_a_chip_all_at_once_and_in_print(page):
    still_open = "return [...document.querySelectorAll('details')].filter((d) => d.open).length"
    page.click("#close")
    assert page.run(still_open) == 0
    page.click(".pair:nth-child(2) .rules a")
    assert page.run(still_open) == 1
    assert page.run("return document.querySelector('.finding:target').closest('.pair').dataset.index") == "2"
    page.click("#open")
    assert page.run(still_open) == 5
    page.click("#close")
    page.run("window.most = 0; addEventListener('beforeprint', () => {"
             "window.most = document.querySelectorAll('details[open]').length; })")
    assert base64.b64decode(page.pdf())[:5] == b"%PDF-"
    assert page.run("return window.most") == 5
    assert page.run(still_open) == 0


def test_print_shows_all_and_no_controls(page):
    page.run("document.getElementById('close').click()")
    page.devtools("Emulation.setEmulatedMedia", media="print")
    assert page.run("return getComputedStyle(document.getElementById('controls')).display") == "none"
    assert page.run("return [...document.querySelectorAll('details')].every((d) =>"
                    "d.querySelector('.facts').getBoundingClientRect().height > 20)")


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_cut_off(page, width):
    page.devtools("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    page.run("document.getElementById('open').click()")
    assert page.run("return document.documentElement.scrollWidth") <= width
    outside = page.run("""return [...document.querySelectorAll('main *')].filter((e) => !e.closest('.strip') && !e.closest('.unseen')
        && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))""")
    assert outside == []


CONTRAST = """
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data; };
    const light = (c) => { const [r, g, b] = [...c].map((v) => v / 255).map((v) =>
      v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
      if (c[3] === 255) return c; } return rgb('Canvas'); };
    const bad = [];
    let seen = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const e = walk.currentNode.parentElement;
      if (!walk.currentNode.textContent.trim() || !e.getClientRects().length || e.closest('script, .unseen')) continue;
      const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      seen++;
      if ((a + 0.05) / (b + 0.05) < 4.5) bad.push(`${e.tagName}.${e.className}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
    }
    return [seen, [...new Set(bad)]];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page, scheme):
    page.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.run("document.getElementById('open').click()")
    background = page.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) > 384) == (scheme == "light")
    seen, bad = page.run(CONTRAST)
    assert seen > 100 and bad == []


def test_a_screen_reader_finds_its_way(page):
    assert page.label("main")[1] == "main"
    assert page.label("#controls") == ("Filter and sort the pairs", "search")
    assert page.label("#list")[1] == "list"
    assert page.label(".pair:nth-child(1) article") == ("good.jpg and dance.mp4", "article")
    assert page.label(".strip img")[0] == "dance.mp4 at 0 s"  # the key frame before it
    for control in ("text", "verdict", "level", "rule", "sort"):
        assert page.label("#" + control)[0]
    assert page.run("return document.getElementById('count').getAttribute('aria-live')") == "polite"
    assert page.run("return document.documentElement.lang") == "en"
    levels = page.run("return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    ids = page.run("return [...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    assert page.run("return [...document.querySelectorAll('[aria-labelledby]')].every((e) =>"
                    "document.getElementById(e.getAttribute('aria-labelledby')))")
    assert page.run("return [...document.images].every((i) => i.alt)")
    assert page.run("return [...document.querySelectorAll('th')].every((t) => t.scope === 'row')")


def test_keys_are_enough(page):
    page.press(TAB)
    assert page.run("return document.activeElement.className") == "skip"
    page.press("/")
    assert page.run("return document.activeElement.id") == "text"
    page.press(*"short")
    assert shown(page) == [2]
    assert page.run("return parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2
    page.run("document.querySelector('.pair:not([hidden]) summary').focus()")
    before = page.run("return document.activeElement.parentElement.open")
    page.press(ENTER)
    assert page.run("return document.activeElement.parentElement.open") is not before


class Static(html.parser.HTMLParser):
    """What is seen without the script."""

    def __init__(self):
        super().__init__()
        self.text, self.hidden, self.skip = [], [], 0

    def handle_starttag(self, tag, attributes):
        if "hidden" in dict(attributes):
            self.hidden.append(dict(attributes).get("id"))
        self.skip = tag if tag in ("script", "style") else 0

    def handle_endtag(self, tag):
        self.skip = 0

    def handle_data(self, data):
        if not self.skip:
            self.text.append(data)


def test_without_the_script_all_is_there(report, folder):
    page = Static()
    page.feed(report.read_text())
    assert sorted(page.hidden) == ["controls", "none"]
    text = " ".join(" ".join(page.text).split())
    for image, video, _ in PAIRS:
        if image == EVIL:
            continue
        document = json.loads(Wanprep(folder)("check", "--json", image, video).stdout)
        for finding in document["findings"]:
            assert finding["rule"] in text and " ".join(finding["message"].split()) in text


def test_a_thousand_pairs(chromium, tmp_path):
    images, videos = [], []
    for i in range(25):
        images += ["--image", shutil.copy(FIXTURES / "images/person.jpg", tmp_path / f"person-{i:02}.jpg")]
    for i in range(40):
        videos += ["--video", shutil.copy(FIXTURES / "videos/h264.mp4", tmp_path / f"dance-{i:02}.mp4")]
    done = Wanprep(tmp_path)("check", *images, *videos, "--report", "many.html")
    assert done.returncode == 0, done.stderr
    size = (tmp_path / "many.html").stat().st_size
    assert size < 1000 * 64 * 1024, size
    chromium.open((tmp_path / "many.html").as_uri())
    chromium.log("browser")
    assert chromium.run("return document.getElementById('count').textContent") == "1000 shown"
    # Hiding n list items takes time that grows with the square of n (18 s for these): they are blocks.
    assert chromium.run("return getComputedStyle(document.querySelector('.pair')).display") == "block"
    choose(chromium, "text", "person-07 dance-39")
    assert shown(chromium) == [7 * 40 + 40]
    choose(chromium, "text", "")
    choose(chromium, "sort", "name")
    assert chromium.run("return document.querySelectorAll('.pair:not([hidden])').length") == 1000
    assert chromium.log("browser") == []
