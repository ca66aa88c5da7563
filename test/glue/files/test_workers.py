"""Workers of Spark read ranges of a file and stage its rows, as one worker does."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bucket_in_memory import KEY, Bucket, staged
from jobs import files
from pyspark import cloudpickle

from cdp.files import reading
from cdp.files.bucket_file import Objects
from cdp.files.large_file import split_file

DECLARED = {"source": "shop", "object": "orders", "rows": "events", "maxBadShare": 1, "complete": False}


class Folder:
    """An S3 client whose objects are files, which workers in other processes see, too."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def head_object(self, Bucket: str, Key: str) -> dict:
        size = len(self.at(Key).read_bytes())
        return {"ContentLength": size, "ETag": "tag", "LastModified": datetime(2026, 5, 1, 10, 0, 0, 123_000, UTC)}

    def get_object(self, Bucket: str, Key: str, Range: str, IfMatch: str) -> dict[str, Any]:
        begin, end = map(int, Range.removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.at(Key).read_bytes()[begin : end + 1])}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        self.at(Key).write_bytes(Body)

    def list_objects_v2(self, Bucket: str, Prefix: str, MaxKeys: int) -> dict:
        return {"KeyCount": 0}

    def at(self, key: str) -> Path:
        return self.folder / key.replace("/", "|")

    def objects(self) -> dict[str, bytes]:
        return {path.name.replace("|", "/"): path.read_bytes() for path in self.folder.iterdir()}


def test_spark_stages_what_one_worker_stages(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    lines = (f'r{n},"open,{n}' if n % 9 == 5 else f'r{n},"note\n{n}",{n}' for n in range(4_000))
    data = "\n".join(("id,note,amount", *lines, "")).encode()
    declared = {**DECLARED, "format": "csv", "columns": {"amount": "number"}}
    alone = Bucket({KEY: data})
    whole = split_file(Objects(alone, "lake"), (KEY, None), declared)
    client = Folder(str(tmp_path))
    client.put_object("lake", KEY, data)
    monkeypatch.setattr(reading, "RANGE", 10_000)
    each = files.on_workers("lake", lambda: client)
    told = split_file(Objects(client, "lake"), (KEY, None), declared, each)
    several = ("pieces", "version")
    assert {**told, **dict.fromkeys(several)} == {**whole, **dict.fromkeys(several)}
    assert told["pieces"] == -(-len(data) // 10_000) and whole["bad"] > 400
    assert staged(Bucket(client.objects())) == staged(alone)
