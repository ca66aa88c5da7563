"""Small worlds of people at random, each under names of its own, so that one lake has many and one run places all."""

import json
import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from barred import ALWAYS, KEY, Secrets, bar
from cdp.identity.sightings import Reading
from cdp.tables.schema import as_stored, ensure_table, read_table
from cdp.tables.watermark import commit_watermark
from jobs import identities
from lake import PLAIN, Lake, hour
from people import EVENT, RULES, START, row

TIGHT = RULES | {
    "limits": {"user_id": {"max": 1, "window": "ever"}, "email": {"max": 2, "window": "weekly"}},
    "defaultLimit": 3,
    "caps": {"identifiers": 7, "merges": 3},
    "breaker": {"merges": 2, "minutes": 600},
}
MADE = ("identity_map", "event_profiles", "identity_components")
EIGHT_DAYS = timedelta(days=8)


class World:
    """People who share devices and addresses, what the stream decided of them, and what operators took apart."""

    def __init__(self, seed: int, number: int) -> None:
        self.name, self.chance, self.events, self.told = f"w{number}", random.Random(f"{seed} {number}"), [], 0
        self.minute, self.released = 0, 0

    def one_of(self, kind: str, count: int) -> str:
        return f"{self.name}-{kind}{self.chance.randrange(count)}"

    def identifier(self) -> str:
        kind, letter, count = self.chance.choice([("user_id", "u", 5), ("anonymous_id", "a", 7), ("email", "e", 4)])
        value = self.one_of(letter, count)
        return f"{kind}:{value}@x.example" if kind == "email" else f"{kind}:{value}"

    def call(self) -> dict:
        if self.chance.random() < 0.07:
            both = sorted({self.identifier() for _ in range(2)})
            return {"type": "track", "sourceId": "@platform", "properties": {"identifiers": both}}
        call = {"type": self.chance.choice(["track", "identify", "identify", "group"])}
        call |= {"userId": self.one_of("u", 5)} if self.chance.random() < 0.4 else {}
        call |= {"anonymousId": self.one_of("a", 7)} if "userId" not in call or self.chance.random() < 0.4 else {}
        if call["type"] == "identify" and self.chance.random() < 0.5:
            call["traits"] = {"email": f"{self.one_of('e', 4)}@x.example"}
        return call | ({"groupId": self.one_of("g", 2)} if call["type"] == "group" else {})

    def event(self) -> tuple:
        """A new event, a late one, one of long ago, or a message that comes again after eight days."""
        self.minute += self.chance.choice([1, 30, 3000])
        received = START + timedelta(minutes=self.minute)
        how = self.chance.random()
        if how < 0.15 and self.events:
            name, at = self.chance.choice(self.events)
            repeated, received = row(0, self.call(), name), max(at, received) + EIGHT_DAYS
            return (*repeated[:-2], received, received)
        name = f"{self.name}-m{len(self.events)}"
        self.events.append((name, received))
        back = timedelta(days=60_000) if how < 0.2 else timedelta(minutes=self.chance.choice([0, 0, 0, 45, 9000]))
        return (*row(0, self.call(), name)[:-2], received - back, received)

    def release(self) -> tuple:
        """A source releases an identifier: until then it was somebody else's."""
        call = {"type": "track", "sourceId": "@platform"}
        call["properties"] = {"release": self.identifier(), "source": "shop"}
        at = START + timedelta(minutes=self.minute)
        self.released += 1
        return (*row(0, call, f"{self.name}-r{self.released}")[:-2], at, at)

    def entry(self) -> dict:
        """An entry of the log, true or not: the stream knew less than the lake, and sometimes otherwise."""
        self.told += 1
        kind = self.chance.choice(["link"] * 6 + ["merge", "unmerge", "release", "entry"])
        at = f"{START + timedelta(minutes=self.minute, seconds=self.told):%Y-%m-%dT%H:%M:%S.000Z}"
        who, other = self.chance.sample([f"per_{self.name}_{n}" for n in range(4)], 2)
        said = {"kind": kind, "profileId": who, "messageId": f"{self.name}-{self.told}", "timestamp": at, "at": at}
        if kind == "merge":
            return said | {"profileId": min(who, other), "absorbed": max(who, other)}
        named = {"identifier": self.identifier()} if kind != "unmerge" or self.chance.random() < 0.5 else {}
        return said | named | ({"apart": other} if kind == "unmerge" else {})


class People(Lake):
    """A lake whose sightings are given, as the job `events` appends them."""

    def __init__(self, spark, directory: Path, rules: dict = TIGHT) -> None:
        super().__init__(spark, directory, PLAIN | {"identity": rules})
        self.logged, self.rules, self.files = 0, rules, 1
        for name in ("sightings", "identity_log", *MADE):
            ensure_table(spark, self.database, read_table(name))
        for job in ("events", "sightings"):
            commit_watermark(spark, self.database, job, START)

    def see(self, rows: Iterable[tuple]) -> None:
        name = f"lake.{self.database}.sightings"
        stated = self.spark.createDataFrame(list(rows), EVENT).selectExpr("*", "event_id line_hash", "'first' run")
        as_stored(Reading(self.rules).read(stated), self.spark, name).coalesce(self.files).writeTo(name).append()

    def tell(self, entries: list[dict]) -> None:
        self.logged += 1
        self.put(f"../identity_log/2026/05/01/10/{self.logged}.gz", entries, hour(10 + self.logged))

    def resolve(self, *given: str) -> dict:
        arguments = identities.arguments([*self.arguments, "--identifier-key", KEY, *given])
        return identities.run_job(self.spark, arguments, Secrets())

    def bar_some(self, worlds: int) -> None:
        """Somebody of each tenth world is suppressed, and somebody erased up to a time."""
        until = (START + timedelta(days=3)).timestamp() * 1000
        some = range(0, worlds, 10)
        bar(self.directory, {f"user_id:w{n}-u0": ALWAYS for n in some} | {f"user_id:w{n}-u1": until for n in some})

    def made(self) -> dict[str, list[str]]:
        """Rows of each table that shows who is whom, as texts in order."""
        return {name: [json.dumps(one.asDict(), default=str) for one in self.table(name).collect()] for name in MADE}

    def together(self) -> dict[str, list[tuple]]:
        """Who is whom, whatever their ids: each row of the tables with the first identifier of its person."""
        owned = self.rows("identity_map", "profile_id", "collection", "identifier_type", "identifier_value")
        first = {}
        for profile_id, *identifier in owned:
            first.setdefault(profile_id, tuple(identifier))
        times = self.rows("identity_map", "identifier_type", "identifier_value", "first_seen", "last_seen")
        return {
            "identity_map": sorted((first[profile_id], *identifier) for profile_id, *identifier in owned),
            "times": times,
            "event_profiles": sorted(
                (first[profile_id], *event)
                for profile_id, *event in self.rows("event_profiles", "profile_id", "collection", "event_id")
            ),
            "identity_components": self.rows("identity_components", "collection", "identifier", "component"),
        }
