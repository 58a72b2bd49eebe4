"""The real binaries, run as a user runs them: in an empty folder, with a clean environment."""
import json
import os
import pathlib
import signal
import subprocess

import jsonschema
import pytest

from emulator import Emulator

BIN = pathlib.Path(os.environ["WANPREP_BIN"])
FIXTURES = pathlib.Path(os.environ["WANPREP_FIXTURES"])
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
WANPREP = BIN / "wanprep"

# A job of a shell in the background ignores these, and wanprep, as is right, goes on ignoring them.
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)


def validate(document, name):
    """Validates a document with a schema of docs/; the schemas know each other by their $id."""
    schemas = {path.name: json.loads(path.read_text()) for path in DOCS.glob("*.schema.json")}
    schema = schemas[name]
    resolver = jsonschema.RefResolver.from_schema(schema, store={each["$id"]: each for each in schemas.values()})
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    validator(schema, resolver=resolver).validate(document)


def command(*args):
    """A command line. Nobody looks for faces in the drawn fixtures, unless the test says so."""
    words = [str(arg) for arg in args]
    if words and words[0] in ("check", "run", "submit", "batch") and "--content" not in words:
        words[1:1] = ["--content", "off"]
    return [str(WANPREP), *words]


class Wanprep:
    """Runs wanprep in a folder of its own. Settings are added to a clean environment."""

    def __init__(self, folder):
        self.folder = folder
        runtime = folder.with_name(folder.name + ".runtime")
        runtime.mkdir(mode=0o700, exist_ok=True)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LC_ALL": "C",
                    "XDG_RUNTIME_DIR": str(runtime)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def __call__(self, *args, text=True, stdin=subprocess.DEVNULL, **more):
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.run(command(*args), cwd=self.folder, env=self.env, text=text, stdin=stdin,
                              timeout=300, check=False, **more)

    def start(self, *args, **more):
        """Starts it and returns the process, with pipes for what it says."""
        more.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(command(*args), cwd=self.folder, env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def json(self, *args, code=0):
        """Runs it, wants this exit code and one JSON document, and returns the document."""
        done = self(*args)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)


@pytest.fixture
def wanprep(tmp_path):
    return Wanprep(tmp_path)


@pytest.fixture
def emulate(wanprep):
    """Starts emulators and points wanprep at the last one."""
    running = []

    def start(*options):
        service = Emulator(*options).__enter__()
        running.append(service)
        wanprep.env.update(service.env)
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)
