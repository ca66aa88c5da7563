"""How fast the job `events` takes raw events in, and how many bytes they are then; prints a line of JSON a size.

    events.py [--sizes 100000 1000000 10000000] [--seed 1]

The job runs as it is deployed, on a Spark of two cores with an Iceberg catalog in a directory. Each size has a lake of
its own. After the first run one per cent more comes late, among events that are there already; then nothing new comes.
Times are seconds of the wall clock.
"""

import gzip
import json
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "glue-scripts"), str(ROOT / "local"), str(ROOT / "bench/lake")]

from program import Program, by_size, run, sizes  # noqa: E402
from spark_session import session  # noqa: E402

CONFIG = {
    "columns": [],
    "standardize": [{"as": kind, "column": kind} for kind in ("email", "phone", "country", "currency")],
    "missing": [],
    "enrich": {"userAgent": True, "campaign": True, "referrer": {"internal": []}},
    "derive": [],
    "countries": {"web": "US"},
    "identity": json.loads((ROOT / "test/fixtures/identity/default-rules.json").read_text()),
}
START, DAYS = datetime(2026, 5, 1, tzinfo=UTC), 30
LATE = START + timedelta(days=DAYS, hours=1)
IN_OBJECT = 50_000
AGENTS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    for system in (
        "Windows NT 10.0; Win64; x64",
        "Macintosh; Intel Mac OS X 10_15_7",
        "X11; Linux x86_64",
        "Linux; Android 14; Pixel 8",
    )
    for version in range(110, 135)
]


def text_of(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def phone_of(who: int) -> str:
    """A number of their own: one that all have would make them one component of the graph."""
    return f"(201) {200 + who // 10_000}-{who % 10_000:04d}"


def event(chance: random.Random, name: str, at: datetime, received: datetime) -> dict:
    """An event of about a kilobyte, as the raw zone holds it: a page, an order or an identify of one of many people."""
    who = chance.randrange(2_000_000)
    instant = text_of(at)
    product = f"https://shop.example/products/{chance.randrange(5000)}"
    campaign = f"utm_source=news&utm_medium=email&utm_campaign=c{chance.randrange(50)}"
    url = f"{product}?{campaign}&gclid={chance.getrandbits(96):x}"
    page = {
        "url": url,
        "path": f"/products/{chance.randrange(5000)}",
        "title": "A product of the shop",
        "referrer": "https://www.google.com/",
    }
    context = {
        "page": page,
        "userAgent": chance.choice(AGENTS),
        "ip": f"203.0.113.{chance.randrange(256)}",
        "locale": "en-US",
        "library": {"name": "analytics.js", "version": "2.1.0"},
    }
    common = {
        "messageId": f"ajs-next-{name}-{chance.getrandbits(64):016x}",
        "anonymousId": f"{chance.getrandbits(32):08x}-4b1d-4c6e-9c1a-{who:012x}",
        "sourceId": "web",
        "timestamp": instant,
        "originalTimestamp": instant,
        "sentAt": instant,
        "receivedAt": text_of(received),
        "context": context,
    }
    kind = chance.random()
    if kind < 0.1:
        return {
            "type": "identify",
            "userId": f"user-{who}",
            "traits": {"email": f"Person{who}@Example.com", "phone": phone_of(who), "country": "Germany"},
            **common,
        }
    if kind < 0.3:
        products = [{"product_id": f"p{chance.randrange(5000)}", "price": 9.5, "quantity": 1} for _ in range(2)]
        order = {
            "order_id": f"o{chance.getrandbits(40)}",
            "revenue": chance.randrange(10_000) / 100,
            "currency": "usd",
            "products": products,
        }
        return {"type": "track", "event": "Order Completed", "userId": f"user-{who}", "properties": order, **common}
    return {"type": "page", "name": "Product", "properties": {"category": "shoes"}, **common}


def write_object(raw: str, name: str, first: int, count: int, of: int, seed: int) -> int:
    """
    One object of the raw zone, the events of a while, received at once or, when they are late, after the month; gives
    the bytes of its lines.
    """
    chance = random.Random(f"{seed}/{name}/{first}")
    step = timedelta(days=DAYS) / of
    moments = [START + step * (first + n) for n in range(count)]
    lines = [
        json.dumps(event(chance, name, at, LATE if name == "late" else at), separators=(",", ":")) for at in moments
    ]
    arrived = LATE if name == "late" else moments[0]
    file = Path(raw) / f"{arrived:%Y/%m/%d/%H}" / f"{name}-{first}.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(gzip.compress(text, 1))
    # As Firehose does: an object is there when its last event is.
    written = LATE if name == "late" else moments[-1]
    os.utime(file, (written.timestamp(), written.timestamp()))
    return len(text)


def write_raw(lake: Path, name: str, count: int, seed: int) -> int:
    """Puts so many events into the raw zone, spread over a month; gives the bytes of their lines."""
    size = min(IN_OBJECT, max(1, count // 4))
    parts = [(str(lake / "raw"), name, first, min(size, count - first), count, seed) for first in range(0, count, size)]
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(write_object, *zip(*parts, strict=True)))


def measure(spark, count: int, seed: int) -> dict:
    """One size: the first run, one with late events, one with nothing new."""
    from jobs import events

    with tempfile.TemporaryDirectory() as directory:
        lake, database = Path(directory), f"events_{count}"
        (lake / "config.json").write_text(json.dumps(CONFIG))
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS lake.{database}")
        given = events.arguments(
            [
                "--database",
                database,
                "--lake",
                str(lake),
                "--config",
                str(lake / "config.json"),
                "--overlap-minutes",
                "0",
            ]
        )

        def run() -> tuple[float, int]:
            started = time.perf_counter()
            counted = {measure[:3]: measure[3] for measure in events.run_job(spark, given)}
            return round(time.perf_counter() - started, 2), counted["read", "", "accepted"]

        raw = write_raw(lake, "first", count, seed)
        seconds, accepted = run()
        files = spark.sql(f"SELECT count(*), sum(file_size_in_bytes) FROM lake.{database}.events.files").first()
        write_raw(lake, "late", max(1, count // 100), seed)
        late, accepted_late = run()
        nothing, _ = run()
        stored = spark.table(f"lake.{database}.events").count()
        spark.sql(f"DROP TABLE lake.{database}.events PURGE")
    return {
        "events": count,
        "seconds": seconds,
        "events_per_second": round(count / seconds),
        "raw_bytes_per_event": round(raw / count),
        "table_bytes": files[1],
        "table_bytes_per_event": round(files[1] / count),
        "files": files[0],
        "late_seconds": late,
        "nothing_new_seconds": nothing,
        "complete": (accepted, accepted_late, stored) == (count, max(1, count // 100), count + max(1, count // 100)),
    }


def spark_in(warehouse: str):
    settings = {
        "spark.sql.shuffle.partitions": "32",
        "spark.driver.memory": "10g",
        "spark.local.dir": warehouse,
    }
    return session("lake-events", warehouse, settings)


if __name__ == "__main__":
    run(Program(__doc__, sizes([100_000, 1_000_000, 10_000_000]), spark_in, by_size(measure)))
