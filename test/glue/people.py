"""Events as the job `identities` reads them, and who they are by rules without limits, by an oracle of its own."""

import json
import random
from datetime import UTC, datetime, timedelta

from lake import ROOT

RULES = json.loads((ROOT / "test/fixtures/identity/default-rules.json").read_text())
UNLIMITED = RULES | {"limits": {}, "defaultLimit": 1000, "caps": {"identifiers": 10_000, "merges": 10_000}, "breaker": {"merges": 10_000, "minutes": 60}}
EVENT = "event_id string, message_id string, type string, user_id string, anonymous_id string, previous_id string, group_id string, source_id string, traits string, context string, properties string, timestamp timestamp, received_at timestamp"
START = datetime(2026, 5, 1, tzinfo=UTC)


def row(n: int, call: dict, message_id: str | None = None) -> tuple:
    """A call that happened in the n-th minute, as a row of `events`."""
    as_json = (json.dumps(call[name]) if name in call else None for name in ("traits", "context", "properties"))
    at = START + timedelta(minutes=n)
    names = (call.get(name) for name in ("userId", "anonymousId", "previousId", "groupId"))
    name = message_id or f"m{n:04d}"
    return (name, name, call["type"], *names, call.get("sourceId", "shop"), *as_json, at, at + timedelta(seconds=1))


def events_of(spark, calls: list[dict]):
    return spark.createDataFrame([row(n, call) for n, call in enumerate(calls)], EVENT)


def calls_at_random(chance: random.Random, count: int) -> list[dict]:
    """Calls of people who share devices and addresses."""
    return [call_at_random(chance, count) for _ in range(count)]


def call_at_random(chance: random.Random, count: int) -> dict:
    some = max(2, count // 3)
    call = {"type": chance.choice(["track", "identify"])}
    if chance.random() < 0.4:
        call["userId"] = f"u{chance.randrange(some)}"
    if chance.random() < 0.7 or "userId" not in call:
        call["anonymousId"] = f"a{chance.randrange(some)}"
    if chance.random() < 0.3:
        call["traits"] = {"email": f"P{chance.randrange(some)}@example.com"}
    if chance.random() < 0.1:
        call["anonymousId"] = "null"
    return call


def people_by_union(calls: list[dict]) -> set[frozenset[str]]:
    """Who they are when nothing binds: sets of identifiers, by merging sets until none of them meet."""
    people: list[set[str]] = []
    for call in calls:
        said = {f"user_id:{call['userId']}"} if "userId" in call else set()
        if call.get("anonymousId") not in (None, "null"):
            said.add(f"anonymous_id:{call['anonymousId']}")
        if call["type"] == "identify" and "traits" in call:
            said.add(f"email:{call['traits']['email'].lower()}")
        if said:
            met = [person for person in people if person & said]
            people = [person for person in people if not person & said] + [said.union(*met)]
    return {frozenset(person) for person in people}
