"""Splits one file of the bucket into pieces, as the function does with files that are small enough."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cdp.files.read_rows import CHUNK, read_rows
from cdp.files.rows import Bad, BadFile, Row
from cdp.files.stage import pieces_of, sha256_of, stage_all, tally_of

FILES, STATE, BEGUN = "imports/files/", "imports/state/files/", "imports/state/files-begun/"


@dataclass(frozen=True)
class Objects:
    """The bucket of the lake."""

    client: Any
    bucket: str

    def head(self, key: str) -> dict:
        return self.client.head_object(Bucket=self.bucket, Key=key)

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)

    def read(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def known(self, key: str) -> bool:
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        return found.get("KeyCount", 0) > 0


class ObjectFile(io.RawIOBase):
    """An object as a file that can be read from anywhere; every read is of the same bytes, or fails."""

    def __init__(self, objects: Objects, key: str, head: dict) -> None:
        self.objects, self.key, self.size, self.tag = objects, key, head["ContentLength"], head["ETag"]
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence] + offset
        return self.at

    def readinto(self, target: memoryview) -> int:
        end = min(self.size, self.at + len(target))
        if end <= self.at:
            return 0
        span = f"bytes={self.at}-{end - 1}"
        asked = {"Bucket": self.objects.bucket, "Key": self.key, "Range": span, "IfMatch": self.tag}
        data = self.objects.client.get_object(**asked)["Body"].read()
        target[: len(data)] = data
        self.at += len(data)
        return len(data)


def split_file(objects: Objects, key: str, declared: dict) -> dict:
    """Splits a file; gives its summary, which lies beside it. `declared` is what its source says of its rows."""
    head = objects.head(key)
    about = {"source": declared["source"], "object": declared["object"], "file": key, "bytes": head["ContentLength"]}
    if version := head.get("VersionId"):
        about["version"] = version
    try:
        summary = {**about, **staged(objects, key, declared, head)}
    except BadFile as refused:
        summary = {**about, "state": "refused", "reason": str(refused)}
    told = json.dumps(summary, ensure_ascii=False, indent=2)
    objects.put(f"imports/summaries/{key.removeprefix(FILES)}.json", told.encode())
    return summary


def staged(objects: Objects, key: str, declared: dict, head: dict) -> dict:
    def rows() -> Iterator[Row | Bad]:
        return read_rows(opened(objects, key, head), declared, declared["columns"])

    tally = tally_of(rows())
    counts = tally.told()
    if reason := tally.too_many(declared["maxBadShare"]):
        return {**counts, "state": "refused", "reason": reason}
    file = opened(objects, key, head)
    name = sha256_of(iter(lambda: file.read(CHUNK), b""))
    mark = f"{STATE}{declared['source']}/{name}"
    if objects.known(mark):
        return {**counts, "state": "known"}
    origin = origin_of(objects, f"{BEGUN}{declared['source']}/{name}", key, instant(head["LastModified"]))
    load = load_id(origin["startedAt"], name)
    of = f"{declared['source']}/{load}"
    pieces = stage_all(pieces_of(rows(), origin["file"]), key_of(declared, of), objects.put)
    if declared["rows"] == "records":
        about = {"source": declared["source"], "load": load, "object": declared["object"]}
        manifest = {**about, "complete": declared["complete"], "startedAt": origin["startedAt"]}
        objects.put(f"imports/rows/{of}/manifest.json", json.dumps(manifest).encode())
    objects.put(mark, key.encode())
    records = {"records": True} if declared["rows"] == "records" else {}
    return {**counts, **records, "state": "staged", "load": load, "pieces": pieces}


def origin_of(objects: Objects, begun: str, key: str, started_at: str) -> dict[str, str]:
    """The first name and time of the bytes: a run that died may be followed by one of another name."""
    if objects.known(begun):
        return json.loads(objects.read(begun))
    origin = {"file": key, "startedAt": started_at}
    objects.put(begun, json.dumps(origin).encode())
    return origin


def opened(objects: Objects, key: str, head: dict) -> io.BufferedReader:
    return io.BufferedReader(ObjectFile(objects, key, head), 8 * CHUNK)


def key_of(declared: dict, of: str):
    if declared["rows"] == "records":
        return lambda number: f"imports/rows/{of}/{declared['object']}/{number}.ndjson.gz"
    return lambda number: f"imports/staged/{of}/{declared['object']}-{number:05}.ndjson.gz"


def instant(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def load_id(started_at: str, name: str) -> str:
    return f"{started_at.translate({ord(sign): None for sign in '-:.'})}-{name}"


def declared_of(files: dict, key: str) -> dict:
    """What the configuration says of a file: its source's form, and its object. Raises BadFile."""
    source, folder = [*key.removeprefix(FILES).split("/"), ""][:2]
    form = files.get(source)
    if form is None:
        raise BadFile(f"no source of kind files with large files has the id {source}")
    objects = form["objects"]
    object_ = next(iter(objects)) if len(objects) == 1 else folder
    if object_ not in objects:
        raise BadFile(f"must be in the folder of an object of {source}: {', '.join(objects)}")
    return {**form, **objects[object_], "source": source, "object": object_}
