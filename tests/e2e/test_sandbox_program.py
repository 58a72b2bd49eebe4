"""The emulator as a program: where it listens, what it survives, how it runs a command, how it ends."""
import os
import pty
import re
import signal
import socket
import subprocess
import sys

import pytest

from emulator import BIN, Emulator
from sandbox_client import Client


@pytest.fixture(scope="module")
def client():
    with Emulator() as service:
        yield Client(service)


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


def test_what_a_terminal_sends_is_not_passed_on():
    """Ctrl-C goes to all of a terminal's foreground by itself. Here the command is not in it, so it must see none."""
    script = ("import os, signal, sys, time; os.setsid(); seen = [];"
              "signal.signal(signal.SIGINT, lambda *_: seen.append(1));"
              "signal.signal(signal.SIGTERM, lambda *_: sys.exit(40 + len(seen)));"
              "print('ready', flush=True); time.sleep(30)")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(BIN / "wanprep-sandbox", ["wanprep-sandbox", "--", sys.executable, "-c", script])
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while b"^C" not in said:  # the echo comes after the signal
        said += os.read(terminal, 1000)
    os.kill(pid, signal.SIGTERM)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 40
    os.close(terminal)


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


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_what_cannot_be_printed_is_no_success(option):
    assert sandbox(option).returncode == 0
    with open("/dev/full", "w") as full:
        done = subprocess.run([BIN / "wanprep-sandbox", option], stdout=full, timeout=60, check=False)
    assert done.returncode == 70
