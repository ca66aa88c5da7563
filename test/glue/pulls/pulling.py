"""Runs of a source against an API on loopback, and what a reader knows of its lines."""

import copy
import gzip
import json
import subprocess
from datetime import datetime
from pathlib import Path

from cdp.pulls.client import client_of
from cdp.pulls.loads import Store
from cdp.pulls.pull import Pull, pull_source
from lake import ROOT

SECRET = {"token": "secret-token", "username": "u", "password": "secret-token", "clientId": "c", "clientSecret": "cs"}


def preset_sources() -> dict[str, dict]:
    """What the configuration makes of each preset."""
    command = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "test/glue/pulls/presets.ts")]
    return json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)


def at_host(source: dict, place: str, names: list[str]) -> dict:
    """The source with its API at a place of loopback, as if it were in the own network."""
    found = copy.deepcopy(source) | {"allowedPrivateHosts": [place], "egress": {}}
    found["api"]["baseUrl"] = f"http://{place}"
    if "tokenUrl" in found["api"]["auth"]:
        found["api"]["auth"]["tokenUrl"] = f"http://{place}/token"
    found["objects"] = [each for each in found["objects"] if each["object"] in names]
    return found


class Reader:
    """Objects of a bucket, and a secret, in memory."""

    def __init__(self, source: dict, folder: Path, secret: dict | None = None) -> None:
        self.source, self.folder, self.secret = source, folder, secret or SECRET
        self.objects: dict[str, bytes] = {}
        self.pauses: list[float] = []
        self.store = Store(self.objects.__setitem__, self.objects.get)

    def keep(self, secret: dict) -> None:
        self.secret = dict(secret)

    def run(self, now: datetime, settle=lambda *_: True, store: Store | None = None) -> dict:
        client = client_of(self.source, self.secret, keep=self.keep, wait=self.pauses.append, folder=self.folder)
        since, reads = self.source["since"], self.source["reads"]
        pull = Pull(self.source["id"], now, since, reads, client, store or self.store, settle)
        return pull_source(pull, self.source["objects"])

    def lines(self) -> list[tuple[str, dict]]:
        """Each line with the load that holds it, in order."""
        pieces = sorted((key for key in self.objects if key.endswith(".gz")), key=lambda key: key.split("/")[3])
        return [
            (key.split("/")[3], json.loads(line))
            for key in pieces
            for line in gzip.decompress(self.objects[key]).decode().splitlines()
        ]
