"""Finds the values of JSON by their bytes, as the stream does (`lambdas/core/files/json-reader.ts`)."""

import re
from collections.abc import Iterator

from cdp.files.rows import MOST_ROW_BYTES, BadFile
from cdp.files.text import HEAD

BETWEEN = re.compile(rb"[^ \t\r]")
BARE = re.compile(rb"[\s,\]\"\[{}]")
IN_TEXT = re.compile(rb'["\\\n]')
IN_VALUE = re.compile(rb'["\[\]{}\n]')


class Values:
    """Finds values of a JSON list, or values one after another, by their bytes, and holds no more than one."""

    def __init__(self, begin: int) -> None:
        self.held, self.at, self.byte, self.line = b"", 0, begin, 1
        self.begin: int | None = None
        self.place: dict = {}
        self.depth, self.in_text, self.cut = 0, False, False
        self.list, self.wants = "unknown", True

    def broken(self, what: str) -> BadFile:
        return BadFile(f"is broken at line {self.line}, byte {self.byte + self.at}: {what}")

    def push(self, chunk: bytes) -> Iterator[tuple[dict, bytes, bool]]:
        self.held += chunk
        while self.at < len(self.held):
            before = (self.at, self.begin)
            yield from self.step()
            if (self.at, self.begin) == before:
                break
        kept = self.at if self.begin is None else self.begin
        self.cut = self.cut or self.at - kept > MOST_ROW_BYTES
        head, rest = self.held[kept : kept + HEAD if self.cut else self.at], self.held[self.at :]
        self.byte += self.at - len(head)
        self.held, self.at = head + rest, len(head)
        self.begin = None if self.begin is None else 0

    def step(self) -> Iterator[tuple[dict, bytes, bool]]:
        """Goes on to what follows next; where that is in bytes to come, it stays."""
        if self.begin is None:
            self.between()
        elif self.in_text:
            self.inside_text()
        elif self.depth:
            self.inside_value()
        else:
            yield from self.bare()
        if self.begin is not None and not self.depth and not self.in_text and self.held[self.at - 1] in b']}"':
            yield self.take()

    def take(self) -> tuple[dict, bytes, bool]:
        taken = (self.place, self.held[self.begin : self.at], self.cut)
        self.begin, self.cut, self.wants = None, False, False
        return taken

    def between(self) -> None:
        found = BETWEEN.search(self.held, self.at)
        self.at = len(self.held) if found is None else found.start()
        if found is None:
            return
        sign = found[0]
        if sign == b"\n":
            self.line += 1
        elif self.list == "closed":
            raise self.broken("something follows the list")
        elif self.list == "unknown" and sign == b"[":
            self.list = "open"
        elif self.list == "open" and sign == b"," and not self.wants:
            self.wants = True
        elif self.list == "open" and sign == b"]":
            self.list = "closed"
        elif self.list == "open" and not self.wants:
            raise self.broken("a comma or the end of the list was expected")
        else:
            self.list = "none" if self.list == "unknown" else self.list
            self.start(sign)
        self.at += 1

    def start(self, sign: bytes) -> None:
        if sign in b",]}":
            raise self.broken("a value was expected")
        self.begin, self.place = self.at, {"line": self.line, "byte": self.byte + self.at}
        self.depth, self.in_text = int(sign in b"[{"), sign == b'"'

    def inside_text(self) -> None:
        found = IN_TEXT.search(self.held, self.at)
        if found is None:
            self.at = len(self.held)
        elif found[0] == b"\n":
            self.at = found.start()
            raise self.broken("a text is not closed")
        elif found[0] == b"\\":
            self.at = found.start() + 2 if found.start() + 1 < len(self.held) else found.start()
        else:
            self.in_text, self.at = False, found.end()

    def inside_value(self) -> None:
        found = IN_VALUE.search(self.held, self.at)
        if found is None:
            self.at = len(self.held)
            return
        self.at = found.end()
        self.line += found[0] == b"\n"
        self.in_text = found[0] == b'"'
        self.depth += 1 if found[0] in b"[{" else -1 if found[0] in b"]}" else 0

    def bare(self) -> Iterator[tuple[dict, bytes, bool]]:
        """A number or a word ends before what follows it."""
        found = BARE.search(self.held, self.at)
        self.at = len(self.held) if found is None else found.start()
        if found is None:
            return
        if found[0] in b" \t\r\n\f\v,]":
            yield self.take()
            return
        self.at += 1
        self.in_text, self.depth = found[0] == b'"', int(found[0] in b"[{")

    def end(self) -> Iterator[tuple[dict, bytes, bool]]:
        if self.begin is not None and (self.depth or self.in_text):
            raise self.broken("a value is not closed")
        if self.begin is not None:
            yield self.take()
        if self.list == "open":
            raise self.broken("the list is not closed")
