"""A version of an object of the bucket, as a file that can be read from anywhere."""

import io
from dataclasses import dataclass
from typing import Any

READ_AT_ONCE = 8_388_608


@dataclass(frozen=True)
class Objects:
    """The bucket of the lake."""

    client: Any
    bucket: str

    def head(self, key: str, version: str | None) -> dict:
        return self.client.head_object(Bucket=self.bucket, Key=key, **version_of(version))

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
        self.objects, self.key, self.size, self.at = objects, key, head["ContentLength"], 0
        self.same = {"IfMatch": head["ETag"], **version_of(head.get("VersionId"))}

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
        asked = {"Bucket": self.objects.bucket, "Key": self.key, "Range": span, **self.same}
        data = self.objects.client.get_object(**asked)["Body"].read()
        target[: len(data)] = data
        self.at += len(data)
        return len(data)


def version_of(version: str | None) -> dict[str, str]:
    return {} if version is None else {"VersionId": version}


@dataclass(frozen=True)
class Version:
    """A version of a file, of which every read gets the same bytes."""

    key: str
    head: dict

    def open(self, objects: Objects) -> io.BufferedReader:
        return io.BufferedReader(ObjectFile(objects, self.key, self.head), READ_AT_ONCE)
