"""A bucket of the lake in memory, with one file of a source."""

import gzip
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

AT = datetime(2026, 5, 1, 10, 0, 0, 123_000, UTC)
KEY = "imports/files/shop/orders/2026.csv"


class Bucket:
    """An S3 client whose objects are in memory."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects, self.puts, self.most = objects, 0, None
        self.ranges: list[range] = []

    def head_object(self, Bucket: str, Key: str, VersionId: str = "v2") -> dict:
        at = AT if Key == KEY else AT + timedelta(hours=1)
        size = len(self.at(Key, VersionId))
        return {"ContentLength": size, "ETag": "tag", "VersionId": VersionId, "LastModified": at}

    def get_object(self, Bucket: str, Key: str, **asked: str) -> dict[str, Any]:
        if "Range" not in asked:
            return {"Body": io.BytesIO(self.objects[Key])}
        assert asked["IfMatch"] == "tag"
        begin, end = map(int, asked["Range"].removeprefix("bytes=").split("-"))
        self.ranges.append(range(begin, end + 1))
        return {"Body": io.BytesIO(self.at(Key, asked["VersionId"])[begin : end + 1])}

    def at(self, key: str, version: str) -> bytes:
        """An earlier version has a key of its own."""
        return self.objects.get(f"{key} {version}", self.objects[key])

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        if self.puts == self.most:
            raise ConnectionError
        self.puts += 1
        self.objects[Key] = Body

    def list_objects_v2(self, Bucket: str, Prefix: str, MaxKeys: int) -> dict:
        return {"KeyCount": sum(key.startswith(Prefix) for key in self.objects)}


def staged(bucket: Bucket, prefix: str = "imports/staged/shop/") -> list[dict]:
    """Lines of pieces by the numbers of these."""
    found = sorted((key for key in bucket.objects if key.startswith(prefix) and key.endswith(".gz")), key=number_of)
    texts = (gzip.decompress(bucket.objects[key]).decode().removesuffix("\n") for key in found)
    return [json.loads(line) for text in texts for line in text.split("\n")]


def number_of(key: str) -> int:
    return int(re.split(r"[-/]", key.removesuffix(".ndjson.gz"))[-1])
