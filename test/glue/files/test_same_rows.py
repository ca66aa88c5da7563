"""The job reads the rows of files as the function does: the same rows and the same faults at the same places."""

import gzip
import io
import json
import random
import subprocess
from pathlib import Path

import pytest
from laws import seed_of_run
from random_files import COLUMNS, cases

from cdp.files.read_rows import read_rows
from cdp.files.rows import BadFile
from cdp.files.stage import staged_line


def by_job(data: bytes, form: dict) -> list[str]:
    try:
        columns = {} if form.get("header") else COLUMNS
        return [staged_line(row, "file") for row in read_rows(io.BytesIO(data), form, columns)]
    except BadFile as refused:
        return [json.dumps({"refused": str(refused)})]


def by_function(requests: list[dict]) -> list[list[str]]:
    node = Path("node_modules/node/bin/node")
    program = [str(node if node.exists() else "node"), "test/fixtures/read-as-function.ts", json.dumps(requests)]
    out = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.strip().split("\n")]


def test_the_job_reads_what_the_function_reads(tmp_path: Path) -> None:
    seed = seed_of_run()
    chance = random.Random(seed)
    made, requests = cases(chance), []
    for n, (form, data) in enumerate(made):
        path = tmp_path / str(n)
        packed = form["format"] != "parquet" and n % 3 == 0
        path.write_bytes(gzip.compress(data) if packed else data)
        requests.append({"path": str(path), "form": form, "columns": {} if form.get("header") else COLUMNS})
    wanted = by_function(requests)
    rows = refused = faults = 0
    for (form, _), request, lines in zip(made, requests, wanted, strict=True):
        found = by_job(Path(request["path"]).read_bytes(), form)
        assert [json.loads(line) for line in found] == [json.loads(line) for line in lines], (seed, form, request)
        rows += len(found)
        faults += sum('{"bad"' in line for line in found)
        refused += found[:1] != [] and '{"refused"' in found[0]
    print(f"seed {seed}: {len(made)} files, {rows} rows, {faults} faults, {refused} files refused")
    assert rows > 1_000 and faults > 200 and refused > 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 3_000_000, id="a line"),
        pytest.param('"' + "x\n" * 20_000, id="an open quote"),
        pytest.param('"' + "x" * 3_000_000 + '"', id="a value in quotes"),
    ],
)
def test_what_is_too_long_costs_the_same_rows(tmp_path: Path, text: str) -> None:
    data = f"a,b\n1,2\n{text}\n3,4\n".encode()
    (tmp_path / "file").write_bytes(data)
    [wanted] = by_function([{"path": str(tmp_path / "file"), "form": {"format": "csv"}, "columns": {}}])
    found = [staged_line(row, "file") for row in read_rows(io.BytesIO(data), {"format": "csv"}, {})]
    assert [json.loads(line) for line in found] == [json.loads(line) for line in wanted]
