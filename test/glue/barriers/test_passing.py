"""What barriers let pass of many events at once, and of the lines that a job is about to send."""

import json
import random
from types import SimpleNamespace

import pyarrow as pa
import pytest
from barred import ALWAYS, SECRET, bar
from cdp.barriers.asked import FILE, Barriers
from cdp.barriers.barrier_list import read_barrier_list
from cdp.barriers.sighted import judged
from cdp.barriers.told import Gate
from cdp.barriers.verdict import judge, judge_correction
from identity_rules import RULES
from laws import seed_of_run

ERASED = 1_777_600_000_000
LATER = "2026-05-01T10:00:00.000Z"


def barriers_of(place, untils: dict[str, float]) -> Barriers:
    bar(place, untils)
    return Barriers(read_barrier_list((place / FILE).read_bytes()), SECRET.encode())


def test_many_sightings_are_judged_as_each_alone(tmp_path):
    chance = random.Random(seed_of_run())
    names = [f"user_id:u{n}" for n in range(9)] + ["group_id:acme", "group_id~7:acme", "email:zoë@example.com"]
    some = {name: chance.choice([ERASED, ALWAYS]) for name in chance.sample(names, 5)}
    untils = {f"users/{name}" if name == "group_id:acme" else name: until for name, until in some.items()}
    barriers = barriers_of(tmp_path, untils)
    rows = [
        {
            "event_id": f"e{n}",
            "at": chance.choice([ERASED, ERASED + 1]),
            "by_platform": chance.random() < 0.2,
            "identifiers": chance.sample(names, chance.randint(1, 3)),
        }
        for n in range(400)
    ]
    batches = [pa.RecordBatch.from_pylist(rows[start : start + 90]).slice(1) for start in range(0, 400, 90)]
    made = judged(batches, SimpleNamespace(value=barriers))
    found = {row["event_id"]: row for batch in made for row in batch.to_pylist()}
    for n, row in enumerate(rows):
        rule = judge_correction if row["by_platform"] else judge
        dropped, kept = rule(row["identifiers"], row["at"], barriers.of)
        known = found.get(row["event_id"])
        if n % 90 == 0 or not set(row["identifiers"]) & set(some):
            assert known is None
        else:
            assert (known["dropped"], known["kept"]) == (dropped, kept)


def line(**stated: object) -> str:
    fields = {"type": "track", "timestamp": LATER, "sourceId": "shop", "messageId": "m", **stated}
    return '{"replayed":"lake",' + json.dumps(fields)[1:]


CORRECTION = {"sourceId": "@platform", "anonymousId": "platform"}
OF_ANN = {"identifiers": ["user_id:bob", "email:ann@example.com"], "profile": {"profileId": "per_1", "version": 2}}
RELEASED = {"identifiers": ["user_id:bob"], "profile": {"released": ["email:ann@example.com"]}}
LINES = {
    "another": (line(userId="bob", context={"traits": {"email": "ann@example.com"}}), True),
    "by address": (line(anonymousId="a1", context={"traits": {"email": " Ann@Example.com"}}), False),
    "of a number": (line(userId=7), False),
    "of nobody": (line(), True),
    "a correction": (line(**CORRECTION, properties=OF_ANN), False),
    "a correction that takes it away": (line(**CORRECTION, properties=RELEASED), False),
    "of an account": (line(**CORRECTION, properties=OF_ANN | {"collection": "accounts"}), True),
    "a release": (line(**CORRECTION, properties={"release": "email:ann@example.com", "source": "crm"}), True),
}


@pytest.mark.parametrize(("sent", "passes"), LINES.values(), ids=LINES)
def test_a_line_passes_unless_it_is_about_somebody_who_is_kept_out(tmp_path, sent, passes):
    barriers = barriers_of(tmp_path, {"email:ann@example.com": ALWAYS, "user_id:7": ALWAYS})
    gate = Gate(barriers, {"identity": RULES, "countries": {}})
    assert list(gate.let_pass([sent])) == ([sent] if passes else [])
    assert gate.report() == ({} if passes else {"suppressed": 1})


def test_lines_pass_unread_where_nobody_has_a_barrier():
    assert list(Gate(Barriers(), {}).let_pass(["no line"])) == ["no line"]


def test_a_secret_is_not_in_what_is_printed_of_barriers(tmp_path):
    assert SECRET not in repr(barriers_of(tmp_path, {"user_id:u1": ALWAYS}))
