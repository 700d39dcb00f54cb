"""A program under a real pseudo-terminal, what it writes read by a terminal emulator (pyte)."""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

LIMIT = 90.0
"""Seconds after which something is taken to never happen."""

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "shift+up": "\x1b[1;2A",
    "shift+down": "\x1b[1;2B",
    "shift+right": "\x1b[1;2C",
    "shift+left": "\x1b[1;2D",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "space": " ",
    **{f"ctrl+{letter}": chr(ord(letter) & 31) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
"""What an xterm sends for a key; every other key sends itself."""

_TAKE_THE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the controlling one, so that its signals (size, hangup) come."""

_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[$ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b_[^\x1b]*\x1b\\"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[^@-~]*|[\]P_][^\x07\x1b]*)?$")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")


class PtyTerminal:
    """One program on one terminal: ``written`` are all its bytes, ``modes`` the private modes it left on."""

    def __init__(
        self, *words: str, columns: int = 120, rows: int = 40, home: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.written = b""
        self.modes: set[str] = set()
        kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if name in os.environ}
        settings = kept | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
            **(environment or {}),
        }
        self.handle, end = os.openpty()
        self._set_size(columns, rows)
        self.before = termios.tcgetattr(self.handle)
        command = [sys.executable, "-c", _TAKE_THE_TERMINAL, sys.executable, *words]
        # No pty.fork: a test's process has threads, and Python warns of forking one that has.
        self.process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, cwd=home, env=settings, start_new_session=True
        )
        os.close(end)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, of which the kernel tells the program."""
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def read(self, seconds: float = 0.02) -> bytes:
        """Read what comes within some time; nothing, if nothing does or the program has closed its side."""
        if not select.select([self.handle], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.handle, 1 << 16)
        except OSError:
            data = b""
        self.written += data
        for modes, switch in _MODE.findall(self.written[-len(data) - 32 :]) if data else ():
            change = self.modes.update if switch == b"h" else self.modes.difference_update
            change(modes.decode().split(";"))
        whole = self._rest + data
        tail = _UNFINISHED.search(whole)
        cut = tail.start() if tail else len(whole)
        whole, self._rest = whole[:cut], whole[cut:]
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", whole))
        return data

    def send(self, *keys: str) -> None:
        """Press keys, or type text."""
        for key in keys:
            os.write(self.handle, KEYS.get(key, key).encode())

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, condition: str | Callable[[], object]) -> None:
        """Read until a text is on the screen, or a condition is met, and the screen is whole."""
        met = (lambda: condition in self.text()) if isinstance(condition, str) else condition
        end = time.monotonic() + LIMIT
        while not (self._is_whole_once(met) and met()):
            assert time.monotonic() < end, f"never met: {condition}\n{self.text()}"
            assert self.read() or self.is_running(), f"ended with {self.code} before: {condition}\n{self.text()}"

    def _is_whole_once(self, met: Callable[[], object]) -> bool:
        """Once a condition is met, read the rest of the update: half of one shows what never was."""
        if not met():
            return False
        for _ in range(10):
            if not self.read(0.05):
                break
        return True

    @property
    def code(self) -> int | None:
        """The exit code, negative for a signal; None while the program runs."""
        return self.process.poll()

    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self.code is None

    def wait(self) -> int:
        """Read until the program has ended and nothing is left to read; return its exit code."""
        end = time.monotonic() + LIMIT
        while self.is_running():
            assert time.monotonic() < end, f"the program does not end\n{self.text()}"
            self.read()
        while self.read():
            pass
        return self.process.returncode

    def hang_up(self) -> None:
        """Close the terminal, as when its window is closed."""
        os.close(self.handle)
        self.handle = -1

    def close(self) -> None:
        """End the program whatever it does."""
        self.process.kill()
        self.process.wait()
        if self.handle >= 0:
            os.close(self.handle)
