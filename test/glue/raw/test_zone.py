"""Lines of the raw zone are read as they were first sent."""

import gzip
from datetime import UTC, datetime

import pytest
from cdp.raw.zone import RawObject, read_lines
from shared_rules import shared_cases

CASES = [case.values[1] for case in shared_cases("lines-sent-again")]


@pytest.fixture(scope="module")
def read(spark, tmp_path_factory) -> dict[str, str]:
    """The line that was read from each line sent; the objects have a line each, in order."""
    folder = tmp_path_factory.mktemp("zone") / "raw/2026/05/01/10"
    folder.mkdir(parents=True)
    objects = [RawObject(str(folder / f"{n}.gz"), datetime(2026, 5, 1, tzinfo=UTC)) for n in range(len(CASES))]
    for found, case in zip(objects, CASES, strict=True):
        with gzip.open(found.path, "wt") as file:
            file.write(f"{case['sent']}\n")
    rows = read_lines(spark, objects).collect()
    return {row.object: row.line for row in rows}


@pytest.mark.parametrize("n", range(len(CASES)), ids=[case.id for case in shared_cases("lines-sent-again")])
def test_a_line_sent_again(read, n):
    assert read.get(f"raw/2026/05/01/10/{n}.gz") == CASES[n]["read"]
