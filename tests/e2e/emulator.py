"""The local emulator of the service, for end-to-end tests: with Emulator("--running", "200") as service: ..."""
import json
import os
import pathlib
import subprocess
import urllib.request

BIN = pathlib.Path(os.environ.get("WANPREP_BIN", "build/debug/src")).resolve()


class Request:
    """One request as the emulator received it. Header names are in lower case."""

    def __init__(self, entry):
        self.endpoint = entry["endpoint"]
        self.method = entry["method"]
        self.target = entry["target"]
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in entry["headers"])}
        self.body = entry.get("body", "")
        self.fields = entry.get("fields", [])  # names of a form's fields, in order
        self.key_elsewhere = entry["key_elsewhere"]  # the API key stood outside Authorization
        self.status = entry["status"]  # None: no answer was sent
        self.fault = entry.get("fault")

    def __repr__(self):
        return f"{self.method} {self.target} -> {self.status}"

    @property
    def json(self):
        return json.loads(self.body)


class Emulator:
    """Runs wanprep-sandbox on a free port of 127.0.0.1 with the given options."""

    KEY = "sk-test0123456789abcdef"

    def __init__(self, *options):
        self.options = [str(option) for option in options]

    def __enter__(self):
        command = [BIN / "wanprep-sandbox", "--api-key", self.KEY, *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.endswith("/api/v1"), f"the sandbox did not start: {self.url!r}"
        self.root = self.url.removesuffix("/api/v1")
        return self

    def __exit__(self, failure, *_):
        self.process.terminate()
        exit_code = self.process.wait(timeout=30)
        self.process.stdout.close()
        assert failure or exit_code == 0, f"the sandbox ended with {exit_code}"

    @property
    def env(self):
        """What a program needs in its environment to talk to it."""
        return {"DASHSCOPE_BASE_URL": self.url, "DASHSCOPE_API_KEY": self.KEY}

    def books(self):
        """The emulator's books, as they are: counts, tasks, uploads, requests, billed_seconds, result_sha256."""
        with urllib.request.urlopen(self.root + "/sandbox/books", timeout=30) as answer:
            return json.load(answer)

    def requests(self, endpoint=None):
        """The requests received, in order; those at one endpoint where it is named."""
        every = [Request(entry) for entry in self.books()["requests"]]
        return [request for request in every if endpoint in (None, request.endpoint)]

    @property
    def tasks(self):
        return self.books()["tasks"]

    @property
    def uploads(self):
        return self.books()["uploads"]
