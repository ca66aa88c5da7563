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
from cdp.values.times import read_time
from lake import ROOT

SECRET = {"token": "secret-token", "username": "u", "password": "secret-token", "clientId": "c", "clientSecret": "cs"}


def sources_by_proof() -> dict[str, dict[str, dict]]:
    """What the configuration makes of each preset, with each proof that it takes."""
    command = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "test/glue/pulls/presets.ts")]
    return json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)


def preset_sources() -> dict[str, dict]:
    """What the configuration makes of each preset with its first proof."""
    return {preset: next(iter(by_proof.values())) for preset, by_proof in sources_by_proof().items()}


def at_host(source: dict, place: str, names: list[str]) -> dict:
    """The source with its API at a place of loopback, as if it were in the own network."""
    found = copy.deepcopy(source) | {"allowedPrivateHosts": [place], "egress": {}}
    found["api"]["baseUrl"] = f"http://{place}"
    if "tokenUrl" in found["api"]["auth"]:
        found["api"]["auth"]["tokenUrl"] = f"http://{place}/token"
    found["objects"] = [each for each in found["objects"] if each["object"] in names]
    return found


def with_small_pages(source: dict) -> dict:
    """Pages and lists of a size that a test can fill."""
    for reading in source["reads"].values():
        for read in reading["reads"]:
            if "mostRows" in read:
                read["mostRows"] = 15
            if read["pages"]["type"] == "offset":
                read["pages"]["limit"] = 3
    return source


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


def said(row: dict) -> str | None:
    """What vendors say of a person, or of a company, which has a name."""
    return row.get("email") or row.get("Email") or row.get("name")


def known(reader: Reader, source: dict) -> dict[str, str]:
    """What somebody knows who keeps the last version of each row, and for whom absence in a whole list means gone."""
    declared = source["objects"][0]
    found: dict[str, tuple] = {}
    for load in dict.fromkeys(load for load, _ in reader.lines()):
        lines = [line for each, line in reader.lines() if each == load]
        assert not [line for line in lines if "bad" in line]
        if "-all-" in load:
            here = {str(line["row"][declared["key"][0]]) for line in lines}
            found |= {key: (*version[:2], None) for key, version in found.items() if key not in here}
        for line in lines:
            row, key = line["row"], str(line["row"][declared["key"][0]])
            at = read_time(row[declared.get("updatedAt") or declared["time"]])
            version = (at, line.get("order", 0), None if line.get("deleted") else said(row))
            if key not in found or version[:2] >= found[key][:2]:
                found[key] = version
    return {key: email for key, (_, _, email) in found.items() if email is not None}
