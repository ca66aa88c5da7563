"""What the files of a table say: values and footers of Parquet, blocks of Avro and JSON, all in plain bytes."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as parquet


def files_with(text: str, table: Path) -> list[str]:
    """Names of all files at a table's place, used or not, that have a text, in whatever letters."""
    wanted = text.lower().encode()
    files = (path for path in table.rglob("*") if path.is_file() and path.suffix != ".crc")
    return sorted(path.name for path in files if any(wanted in part.lower() for part in said_by(path)))


def said_by(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    # Footers of Parquet are plain.
    yield content
    if path.suffix == ".parquet":
        yield repr(parquet.read_table(path, partitioning=None).to_pylist()).encode()
    elif path.suffix == ".avro":
        yield from blocks(content)
    elif path.name.endswith(".gz.metadata.json"):
        yield zlib.decompress(content, 31)


def blocks(content: bytes) -> Iterator[bytes]:
    """The blocks of an Avro file, unpacked."""
    assert content[:4] == b"Obj\x01"
    at, codec = 4, b"null"
    while entries := (number := read_long(content, at))[0]:
        at = number[1]
        for _ in range(abs(entries)):
            name, at = read_bytes(content, at)
            value, at = read_bytes(content, at)
            codec = value if name == b"avro.codec" else codec
    at, mark = number[1] + 16, content[number[1] : number[1] + 16]
    while at < len(content):
        _, at = read_long(content, at)
        packed, at = read_bytes(content, at)
        yield zlib.decompress(packed, -15) if codec == b"deflate" else packed
        assert content[at : at + 16] == mark
        at += 16


def read_long(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (content[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if content[at - 1] < 0x80:
            return (value >> 1) ^ -(value & 1), at


def read_bytes(content: bytes, at: int) -> tuple[bytes, int]:
    length, at = read_long(content, at)
    return content[at : at + length], at + length
