"""Ranges of a file that are read side by side have the rows, faults and places of the whole file."""

import io
import random
from collections import Counter
from typing import Any

import pytest
from bucket_in_memory import KEY, Bucket, staged
from laws import seed_of_run
from random_files import COLUMNS, cases

from cdp.files import csv_rows, reading
from cdp.files.bucket_file import Objects
from cdp.files.large_file import split_file
from cdp.files.ranges import Text, lines_in

ABOUT = {"source": "shop", "object": "orders", "rows": "events", "maxBadShare": 1, "complete": True}


class Workers:
    """They do the last thing first, and count what they do."""

    def __init__(self, bucket: Bucket) -> None:
        self.objects, self.done = Objects(bucket, "lake"), Counter()

    def __call__(self, work: Any, things: list) -> list:
        self.done[work.__name__] += len(things)
        return [work(self.objects, thing) for thing in reversed(things)][::-1]


def split(data: bytes, form: dict, columns: dict[str, str], length: int | None = None) -> tuple[dict, list, Counter]:
    """The summary, the lines in their order, and what workers did with ranges of a length."""
    bucket = Bucket({KEY: data})
    workers = Workers(bucket)
    with pytest.MonkeyPatch.context() as patch:
        if length is not None:
            patch.setattr(reading, "RANGE", length)
        declared = {**ABOUT, **form, "columns": columns}
        summary = split_file(Objects(bucket, "lake"), (KEY, None), declared, workers)
    pieces = summary.pop("pieces", 0)
    assert pieces == sum(key.endswith(".gz") for key in bucket.objects)
    return summary, staged(bucket), workers.done


def test_ranges_of_any_length_have_what_the_whole_file_has(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = seed_of_run()
    chance = random.Random(seed)
    monkeypatch.setattr(csv_rows, "MOST_LINES", 4)
    files = again = 0
    for form, data in cases(chance):
        columns = {} if form.get("header") else COLUMNS
        whole, lines, _ = split(data, form, columns)
        length = 2 * chance.randint(1, 1 + len(data) // 4)
        told, found, done = split(data, form, columns, length)
        assert (told, found) == (whole, lines), (seed, form, length, data)
        if done:
            files += 1
            again += done["read_part"] > done["stage_part"]
    print(f"seed {seed}: {files} files, {again} with ranges that were read again")
    assert files > 200 and again > 0


def test_rows_of_many_lines_are_cut_where_they_begin() -> None:
    seed = seed_of_run()
    chance = random.Random(seed)
    notes, amounts = ["note", "1,2,3", '""', "", "r,1"], ["1", "2", "3.5", "", "x", '4"', '"5']
    again = 0
    for _ in range(40):
        rows = (
            f'r{n},"{chr(10).join(chance.choices(notes, k=chance.randrange(9)))}",{chance.choice(amounts)}'
            for n in range(chance.randrange(1, 60))
        )
        data = "\n".join(("id,note,amount", *rows)).encode()
        whole = split(data, {"format": "csv"}, {"amount": "number"})
        told = split(data, {"format": "csv"}, {"amount": "number"}, chance.randint(1, 400))
        assert told[:2] == whole[:2], (seed, data)
        again += told[2]["read_part"] > told[2]["lines_of_part"]
    print(f"seed {seed}: {again} of 40 files were read again in part")
    assert again > 10


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("form", [{"format": "csv"}, {"format": "ndjson"}, {"format": "csv", "header": ["id"]}])
def test_a_file_without_rows_has_none(form: dict, mark: bytes) -> None:
    for data in (b"", b"\n", b"id\n", b"\r\n\n\n"):
        assert split(mark + data, form, {}, 2)[:2] == split(mark + data, form, {})[:2]


def test_each_range_is_read_twice_where_rows_are_lines() -> None:
    data = b"id,amount,at,vip,more\n" + b"".join(b"r%d,1,,,\n" % n for n in range(9_000))
    summary, lines, done = split(data, {"format": "csv"}, COLUMNS, 10_000)
    ranges = -(-len(data) // 10_000)
    assert done == {"lines_of_part": ranges, "read_part": ranges, "stage_part": ranges}
    assert [line["place"]["line"] for line in lines] == list(range(2, 9_002)) and summary["rows"] == 9_000


def test_a_row_that_is_longer_than_ranges_is_one_row() -> None:
    text = '"' + "x\n" * 900 + '"'
    data = f"id,amount\n1,{text}\n2,3\n".encode()
    told, found, _ = split(data, {"format": "csv"}, {}, 100)
    assert (told, found) == split(data, {"format": "csv"}, {})[:2] and told["good"] == 2


def test_more_kinds_of_faults_than_are_told_apart_are_counted_alike() -> None:
    names = [f"n{n}" for n in range(150)]
    rows = [",".join("x" if (n * 7 + row) % 150 == 0 else "1" for n in range(150)) for row in range(300)]
    data = "\n".join([",".join(names), *rows]).encode()
    columns = dict.fromkeys(names, "number")
    whole, told = (split(data, {"format": "csv"}, columns, length)[0] for length in (None, 9_000))
    assert told == whole and len(whole["faults"]) == 101


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16le", "utf-16be"])
def test_lines_are_counted_where_they_begin(encoding: str) -> None:
    # A sign whose bytes are those of a line feed, at odd places.
    text = "a\n\nb\u0a00\u000a\u0a0ac\n"
    data = text.encode(encoding)
    of = Text({"encoding": encoding}, {}, 0)
    starts = [0, *(len(text[: n + 1].encode(encoding)) for n, sign in enumerate(text[:-1]) if sign == "\n")]
    for begin in range(0, len(data), 2):
        for end in range(begin + 2, len(data) + 1, 2):
            inside = [start for start in starts if begin <= start < end]
            found = lines_in(io.BytesIO(data), of, begin, end)
            assert found == (len(inside), inside[0] if inside else None), (begin, end)
