"""A database's server as a child process on loopback, with a temporary folder of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Start = Callable[[Path, int], subprocess.Popen]


class ServerProcess:
    """Starts a server and returns when it accepts connections. `is_ready` may know more than that."""

    def __init__(self, name: str, start: Start, is_ready: Callable[[Path], bool] = lambda _: True) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
        self.folder.chmod(0o755)
        self._process, self._is_ready = start(self.folder, self.port), is_ready
        self._wait()

    def _wait(self) -> None:
        """Raises RuntimeError with the server's log when it ends instead."""
        while self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                if self._is_ready(self.folder):
                    return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
        raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-3000:])

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_port() -> int:
    """A port nobody listens on, and none that the system gives to a connection before the server listens: Linux takes
    those from 32768 on. Each process begins elsewhere, so that two that look at the same time find different ones."""
    first, end = 10_000, 32_000
    for step in range(end - first):
        port = first + (os.getpid() * 16 + step) % (end - first)
        with suppress(OSError), socket.socket() as found:
            found.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"no port from {first} to {end} is free")


def started(folder: Path, command: list, other: dict) -> subprocess.Popen:
    """Starts a server whose output is the file `log` in its folder."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **other)
