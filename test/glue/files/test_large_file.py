"""The job `files` stages the rows of a large file as the function stages those of a small one."""

import gzip
import json
import subprocess
import tracemalloc
from argparse import Namespace
from pathlib import Path

import pytest
from bucket_in_memory import KEY, Bucket, staged
from jobs import files

from cdp.files.read_rows import CHUNK

FORM = {"format": "csv", "delimiter": ",", "encoding": "utf-8", "header": True, "maxBadShare": 0.1, "complete": True}
COLUMNS = {"id": "text", "amount": "number"}
LOAD = "20260501T100000123Z-"


def run(bucket: Bucket, tmp_path: Path, key: str = KEY, rows: str = "events", version: str | None = None) -> dict:
    objects = {"orders": {"rows": rows, "columns": COLUMNS}, "visits": {"rows": "events", "columns": {}}}
    (tmp_path / "config.json").write_text(json.dumps({"files": {"shop": {**FORM, "objects": objects}}}))
    told = Namespace(lake="s3://lake", config=str(tmp_path / "config.json"), key=key, version=version)
    return files.run_job(told, bucket)


def csv_of(rows: int, every: int = 100) -> bytes:
    lines = (f'r{n},"{n % 7}\n",{"x" if n % every == 5 else n / 4}' for n in range(rows))
    return "\n".join(("id,name,amount", *lines, "")).encode()


def by_function(data: bytes, tmp_path: Path) -> list[dict]:
    (tmp_path / "file").write_bytes(data)
    asked = json.dumps([{"path": str(tmp_path / "file"), "form": FORM, "columns": COLUMNS}])
    node = "node_modules/node/bin/node"
    program = [node if Path(node).exists() else "node", "test/fixtures/read-as-function.ts", asked]
    out = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    return [json.loads(line.replace('"file":"file"', f'"file":"{KEY}"')) for line in json.loads(out)]


def test_the_pieces_have_the_rows_that_the_function_stages(tmp_path: Path) -> None:
    data = csv_of(40_000)
    bucket = Bucket({KEY: gzip.compress(data)})
    summary = run(bucket, tmp_path)
    lines = staged(bucket)
    assert lines == by_function(data, tmp_path)
    wanted = {"state": "staged", "rows": 40_000, "good": 39_600, "bad": 400, "pieces": 2, "object": "orders"}
    assert summary.items() >= wanted.items() and summary["load"].startswith(LOAD)
    assert json.loads(bucket.objects["imports/summaries/shop/orders/2026.csv.json"]) == summary
    first = summary["faults"][0]
    assert (first["reason"], first["rows"], first["first"][0]["line"]) == ("column amount is no number", 400, 12)


@pytest.mark.parametrize(("name", "length"), [(KEY, 1 << 30), (f"{KEY}.again", 1 << 30), (KEY, 1_500)])
def test_a_run_that_died_is_run_again_and_writes_the_same(
    name: str, length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdp.files.stage.PIECE_LENGTH", 20_000)
    monkeypatch.setattr("cdp.files.reading.RANGE", length)
    whole = Bucket({KEY: csv_of(500)})
    run(whole, tmp_path)
    for most in range(whole.puts):
        bucket = Bucket({key: csv_of(500) for key in {KEY, name}})
        bucket.most = most
        with pytest.raises(ConnectionError):
            run(bucket, tmp_path)
        bucket.most = None
        again = run(bucket, tmp_path, name)
        assert again["state"] == ("known" if most == whole.puts - 1 else "staged")
        # Nothing is staged beside it, if the dead one had begun.
        assert most == 0 or staged(bucket) == staged(whole)


def test_the_same_bytes_under_another_name_are_staged_once(tmp_path: Path) -> None:
    bucket = Bucket({KEY: csv_of(200), f"{KEY}.again": csv_of(200)})
    run(bucket, tmp_path)
    before = staged(bucket)
    assert run(bucket, tmp_path, f"{KEY}.again")["state"] == "known"
    assert staged(bucket) == before


def test_the_version_that_was_dropped_is_read_whatever_came_after_it(tmp_path: Path) -> None:
    bucket = Bucket({KEY: csv_of(3), f"{KEY} v1": csv_of(200)})
    assert run(bucket, tmp_path, version="v1").items() >= {"rows": 200, "version": "v1"}.items()
    assert run(bucket, tmp_path).items() >= {"rows": 3, "version": "v2"}.items()
    assert len(staged(bucket)) == 203


def test_rows_of_records_wait_with_a_manifest(tmp_path: Path) -> None:
    bucket = Bucket({KEY: csv_of(50)})
    load = run(bucket, tmp_path, rows="records")["load"]
    manifest = json.loads(bucket.objects[f"imports/rows/shop/{load}/manifest.json"])
    wanted = {"source": "shop", "load": load, "object": "orders", "complete": True}
    assert manifest == {**wanted, "startedAt": "2026-05-01T10:00:00.123Z"}
    assert len(staged(bucket, f"imports/rows/shop/{load}/orders/")) == 50


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (csv_of(2_000, every=6), "333 of 2000 rows are bad, and at most 10 % may be; nothing was sent"),
        (b"id,name\n", "has no column amount; it has id, name"),
        (gzip.compress(bytes(100_000_000)), "is a bomb: "),
        (gzip.compress(csv_of(99))[:-20], "is gzip that is broken or ends early"),
    ],
    ids=["too many bad rows", "no column", "a bomb", "a broken gzip"],
)
def test_nothing_is_staged(tmp_path: Path, data: bytes, reason: str) -> None:
    bucket = Bucket({KEY: data})
    summary = run(bucket, tmp_path)
    assert summary["state"] == "refused" and summary["reason"].startswith(reason)
    assert sorted(bucket.objects) == [KEY, "imports/summaries/shop/orders/2026.csv.json"]


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    bucket = Bucket({KEY: gzip.compress(csv_of(60_000), 1)})
    tracemalloc.start()
    assert run(bucket, tmp_path)["rows"] == 60_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{most / 1e6:.0f} MB at most")
    assert most < 60e6


def test_a_large_file_is_read_three_times_by_ranges_whatever_its_size(tmp_path: Path) -> None:
    for rows in (50_000, 100_000):
        bucket = Bucket({KEY: "id,name,amount\n".encode() + f"r,{'x' * 200},1\n".encode() * rows})
        size = len(bucket.objects[KEY])
        assert run(bucket, tmp_path)["rows"] == rows
        assert max(map(len, bucket.ranges)) <= 8 * CHUNK < size
        assert sum(map(len, bucket.ranges)) == 3 * size
