"""A headless Chromium, driven by chromedriver over WebDriver (W3C) with nothing but the standard library."""
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request

# It talks to nobody but the page: no updates, no metrics, no first run.
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--disable-default-apps", "--metrics-recording-only", "--no-default-browser-check",
             "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--window-size=1280,900"]


class Browser:
    """One browser window. Use it as a context manager."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log_file = open(folder / "chromedriver.log", "wb")
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdin=subprocess.DEVNULL,
                                       stdout=self.log_file, stderr=self.log_file)
        self.session = None
        try:
            self._begin(folder)
        except BaseException:
            self.close()
            raise

    def _begin(self, folder):
        deadline = time.monotonic() + 60
        while True:
            try:
                self._call("GET", "/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < deadline and self.driver.poll() is None, "chromedriver does not answer"
                time.sleep(0.05)
        answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": [*ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.session = "/session/" + answer["sessionId"]

    def _call(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.session:
                self._call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(30)
            self.log_file.close()

    def open(self, url):
        self._call("POST", self.session + "/url", {"url": url})

    def run(self, script, *arguments):
        """The value that a function body returns, which may be a promise."""
        return self._call("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._call("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def find(self, selector):
        found = self._call("POST", self.session + "/element", {"using": "css selector", "value": selector})
        return self.session + "/element/" + next(iter(found.values()))

    def click(self, selector):
        self._call("POST", self.find(selector) + "/click")

    def type(self, selector, text):
        self._call("POST", self.find(selector) + "/value", {"text": text})

    def press(self, *keys):
        """Keys to whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def label(self, selector):
        """Name and role as a screen reader has them."""
        element = self.find(selector)
        return self._call("GET", element + "/computedlabel"), self._call("GET", element + "/computedrole")

    def pdf(self):
        return self._call("POST", self.session + "/print", {})

    def log(self, kind):
        """What came since the last call: "browser" (the console) or "performance" (DevTools events)."""
        return self._call("POST", self.session + "/se/log", {"type": kind})
