"""Writes what a load changed as pieces: objects of the bucket that the function `import` sends on."""

import gzip
import re
from collections.abc import Iterable, Iterator

from pyspark.sql import DataFrame, SparkSession

from cdp.records.decide import NOTED
from cdp.spark.files import write_file

PIECE_BYTES = 4_000_000
"""How much text a piece holds at most, before compression."""
ROWS_AT_ONCE = 20_000
"""How many rows the driver gets at a time."""
OF_ATTEMPT, OF_BAD = 100_000, 500_000_000
"""Numbers of pieces: an attempt has as many, and those of bad rows begin later."""


def write_changes(spark: SparkSession, path: str, attempt: int, rows: DataFrame) -> None:
    """Writes the changes that a load left in the table. Written again, they have the same names and bytes."""
    told = rows.where(f"kind <> '{NOTED}'").selectExpr("record_id AS place", f"{LINE} AS line")
    write_pieces(spark, path, OF_ATTEMPT * attempt, told)


def write_bad(spark: SparkSession, path: str, attempt: int, bad: DataFrame) -> None:
    """Writes the rows that cannot be read."""
    write_pieces(spark, path, OF_BAD + OF_ATTEMPT * attempt, bad.selectExpr("bad AS place", "bad AS line"))


def write_pieces(spark: SparkSession, path: str, first: int, lines: DataFrame) -> None:
    """Through the driver: the event stream takes less a second than the driver writes."""
    parts = 1 + lines.count() // ROWS_AT_ONCE
    in_order = lines.repartitionByRange(parts, "place").sortWithinPartitions("place").select("line")
    for number, piece in enumerate(pieces_of(row.line for row in in_order.toLocalIterator()), first):
        write_file(spark, f"{path}-{number:05}.ndjson.gz", gzip.compress(piece, mtime=0))


def next_attempt(object_: str, names: Iterable[str]) -> int:
    """The number of the next attempt of a load whose pieces have these names."""
    numbers = (re.fullmatch(rf"{re.escape(object_)}-(\d+)\.ndjson\.gz", name) for name in names)
    return max((1 + int(found[1]) % OF_BAD // OF_ATTEMPT for found in numbers if found), default=0)


def pieces_of(lines: Iterable[str]) -> Iterator[bytes]:
    """NDJSON of at most PIECE_BYTES, or of one longer line."""
    piece, size = [], 0
    for line in lines:
        encoded = f"{line}\n".encode()
        if piece and size + len(encoded) > PIECE_BYTES:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(encoded)
        size += len(encoded)
    if piece:
        yield b"".join(piece)


AT = "date_format(changed_at, \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\")"
WHO = f"to_json(named_struct('object', object, 'id', record_id, 'kind', kind, 'at', {AT}))"
"""JSON texts stay as they are in the table, because Spark would write their numbers again."""
HASH = f"sha2(concat_ws('\\n', {WHO}, changed), 256)"
LINE = (
    f"""concat('{{"record":', left({WHO}, length({WHO}) - 1), ',"hash":"', {HASH}, """
    """'","changed":', changed, ',"columns":', columns, '}', coalesce(concat(',"place":', place), ''), '}')"""
)
