"""A terminal, and a program that runs at it."""
import fcntl
import os
import struct
import subprocess
import termios

from conftest import command


def at_terminal(wanprep, *args, answer=None, size=(24, 80), steps=(), stdout=None):
    """Runs it with a terminal for all three, unless stdout is something else; returns the exit code and all that was written there. steps: pairs of how
    many tables must have been drawn over, and what happens then: a signal, or another size of the terminal."""
    ours, theirs = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    wanprep.env.setdefault("TERM", "xterm")
    process = subprocess.Popen(command(*args), cwd=wanprep.folder, env=wanprep.env, stdin=theirs,
                               stdout=theirs if stdout is None else stdout, stderr=theirs)
    os.close(theirs)
    seen, steps = b"", list(steps)
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # EIO: the other side is closed
            break
        seen += part
        if answer and b"[y/N]" in seen:
            os.write(ours, answer)
            answer = None
        if steps and seen.count(b"\x1b[J") >= steps[0][0]:
            action = steps.pop(0)[1]
            if isinstance(action, tuple):
                fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", *action, 0, 0))
            else:
                process.send_signal(action)
    os.close(ours)
    return process.wait(timeout=60), seen.decode()
