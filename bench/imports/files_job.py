"""The job `files`: one file of NDJSON, split into pieces."""

import io
import json
import random

from cdp.files.bucket_file import Objects
from cdp.files.large_file import split_file
from contacts import START, contact, timed

DECLARED = {
    "source": "crm",
    "object": "contacts",
    "rows": "events",
    "format": "ndjson",
    "encoding": "utf-8",
    "maxBadShare": 0.1,
    "complete": False,
    "columns": {},
}


class Bucket:
    """An S3 client with one object, which forgets what is put."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def head_object(self, **_: str) -> dict:
        return {"ContentLength": len(self.data), "ETag": "tag", "LastModified": START}

    def get_object(self, *, Range: str, **_: str) -> dict:
        begin, end = map(int, Range.removeprefix("bytes=").split("-"))
        return {"Body": io.BytesIO(self.data[begin : end + 1])}

    def put_object(self, **_: object) -> None:
        pass

    def list_objects_v2(self, **_: object) -> dict:
        return {"KeyCount": 0}


def files(count: int, seed: int) -> dict:
    chance = random.Random(seed)
    data = "".join(f"{json.dumps(contact(chance, number))}\n" for number in range(count)).encode()
    lake, file = Objects(Bucket(data), "lake"), ("imports/files/crm/all.ndjson", None)
    seconds, end = timed(lambda: split_file(lake, file, DECLARED))
    return {"files": seconds, "files_rows": end["good"]}
