"""Bytes of files as unpacked bytes and physical lines, as the function reads them (`lambdas/adapters/files`)."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from cdp.files.rows import MOST_ROW_BYTES, TOO_LONG, BadFile, Line

MOST_RATIO, HARMLESS = 200, 16_777_216
"""Bytes out of one byte of gzip, from so many bytes on: text packs 20 times smaller, at most 100."""
HEAD = 16_384
OTHERS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PAR1", "a Parquet file"),
    (b"BZh", "compressed by bzip2"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard"),
    (b"\xfd7zXZ", "compressed by xz"),
)
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
FEEDS = {"utf-16le": b"\n\0", "utf-16be": b"\0\n"}
WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
WINDOWS = {code: sign for code, sign in WINDOWS.items() if sign != "\ufffd"}
LATIN_9 = dict(zip(map(ord, "¤¦¨´¸¼½¾"), "€ŠšŽžŒœŸ", strict=True))
HIDDEN = re.compile("[\0\x80-\xff]")
READERS: dict[str, Callable[[bytes], str]] = {
    "utf-8": lambda data: data.decode("utf-8"),
    "utf-16le": lambda data: data.decode("utf-16-le"),
    "utf-16be": lambda data: data.decode("utf-16-be"),
    "windows-1252": lambda data: data.decode("latin-1").translate(WINDOWS),
    "iso-8859-15": lambda data: data.decode("latin-1").translate(LATIN_9),
}


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a file of text, unpacked if they are gzip. Raises BadFile."""
    begun, source = b"", iter(chunks)
    while len(begun) < 6 and (chunk := next(source, None)) is not None:
        begun += chunk
    if name := next((name for mark, name in OTHERS if begun.startswith(mark)), None):
        raise BadFile(f"is {name}; send text, or text compressed by gzip")
    whole = chained(begun, source)
    yield from gunzipped(whole) if begun.startswith(b"\x1f\x8b") else whole


def chained(begun: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    yield begun
    yield from source


def gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packed, out, unpacker = 0, 0, zlib.decompressobj(31)
    for chunk in chunks:
        packed, rest = packed + len(chunk), chunk
        while rest:
            if unpacker.eof:
                unpacker = zlib.decompressobj(31)
            data = expanded(unpacker, rest)
            out += len(data)
            if out > HARMLESS and out > packed * MOST_RATIO:
                raise BadFile(f"is a bomb: {packed} bytes of gzip are more than {out} bytes")
            yield data
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if unpacker.eof and rest and not rest.startswith(b"\x1f"):
                raise BadFile("has something after the end of its gzip")
    if not unpacker.eof:
        raise BadFile("is gzip that is broken or ends early")


def expanded(unpacker: "zlib._Decompress", data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, 1_048_576)
    except zlib.error:
        raise BadFile("is gzip that is broken or ends early") from None


def mark_length(head: bytes, encoding: str) -> int:
    """Bytes of the byte order mark. Raises BadFile when it tells of another encoding than declared."""
    mark, told = next((each for each in MARKS if head.startswith(each[0])), (b"", encoding))
    if told != encoding:
        raise BadFile(f"is {told} by its byte order mark, and declared {encoding}")
    return len(mark)


def decoded(data: bytes, encoding: str) -> tuple[str, str | None]:
    """Text, and why some of its bytes are none; these then stand there as `\\xE9`."""
    try:
        text = READERS[encoding](data)
    except UnicodeDecodeError:
        shown = HIDDEN.sub(lambda found: f"\\x{ord(found[0]):02X}", data.decode("latin-1"))
        return shown, f"has bytes that are not {encoding}"
    return text, "has a NUL character" if "\0" in text else None


def lines_of(chunks: Iterable[bytes], encoding: str, begin: int, line: int = 1) -> Iterator[Line]:
    """Cuts bytes into physical lines, and holds at most one line that is not complete."""
    feed = FEEDS.get(encoding, b"\n")
    held, dropped, byte = b"", 0, begin
    for chunk in chunks:
        held += chunk
        at = 0
        while (to := find(held, feed, at)) != -1:
            yield line_of(held[at:to], encoding, (line, byte), dropped)
            byte += dropped + to - at + len(feed)
            at, line, dropped = to + len(feed), line + 1, 0
        held = held[at:]
        if len(held) > MOST_ROW_BYTES:
            odd = len(held) % len(feed)
            dropped += len(held) - HEAD - odd
            held = held[:HEAD] + held[len(held) - odd :]
    if held or dropped:
        yield line_of(held, encoding, (line, byte), dropped)


def find(data: bytes, feed: bytes, begin: int) -> int:
    at = data.find(feed, begin)
    while len(feed) == 2 and at != -1 and (at - begin) % 2:
        at = data.find(feed, at + 1)
    return at


def line_of(data: bytes, encoding: str, place: tuple[int, int], dropped: int) -> Line:
    if dropped or len(data) > MOST_ROW_BYTES:
        return Line(*place, decoded(data[:HEAD], encoding)[0], TOO_LONG, cut=True)
    return Line(*place, *decoded(data, encoding))
