"""A lake in which Ann, Bob and Sue are. Ann is erased, Sue is suppressed, and more comes in, of Ann, too."""

import json
from datetime import timedelta
from pathlib import Path

from barred import ALWAYS, KEY, Secrets, bar
from cdp.tables.iceberg import head
from cdp.tables.schema import as_stored, ensure_table, read_table
from exports import DICTIONARY, export, item
from jobs import events, identities, maintain, marts, profiles
from lake import PLAIN, RULES, Lake, event, hour
from table_files import files_with

SHORT, LONG, ID = "00qx7mark-sh", "zzqx7mark-longer-than-a-bound-0123456789", "per_000qx7mark-profile"
"""Texts of Ann alone: the smallest of their columns, the largest, and the id of a profile."""
ERASED = hour(12)
ANN = {f"user_id:{SHORT}", f"email:{LONG}@example.com", f"anonymous_id:{SHORT}-pad"}
BARRED = dict.fromkeys(ANN, ERASED.timestamp() * 1000) | {
    f"{kind}:sue{end}": ALWAYS for kind, end in (("user_id", ""), ("email", "@example.com"), ("anonymous_id", "-pad"))
}
ORDER = {"order_id": "o", "total": 10, "currency": "EUR"}
SEGMENT = {"key": "buyers", "name": "Buyers", "where": {"trait": "orders", "operator": "atLeast", "value": 1}}
CONFIG = PLAIN | {"identity": RULES, "packing": DICTIONARY, "segments": [SEGMENT]}


def said(message_id: str, at: float, **fields: object) -> dict:
    moment = (hour(0) + timedelta(hours=at)).isoformat().replace("+00:00", ".000Z")
    return event(message_id, **{"timestamp": moment, "receivedAt": moment, "anonymousId": None, **fields})


def of(name: str, email: str, at: float) -> list[dict]:
    """What a person did around an hour: came from a campaign, said who they are, and bought on a device."""
    page = {"page": {"url": f"https://shop.example/{email}", "path": f"/{email}"}, "campaign": {"source": email}}
    about = {"type": "identify", "event": None, "traits": {"email": f"{email}@example.com", "orders": 1}}
    pad = f"{name}-pad"
    return [
        said(f"{name}-{at}-0", at, type="page", event=None, anonymousId=pad, context=page),
        said(f"{name}-{at}-1", at + 0.1, userId=name, anonymousId=pad, **about),
        said(f"{name}-{at}-2", at + 0.2, anonymousId=pad, event="Order Completed", properties=ORDER),
    ]


TOLD = {"identifiers": [f"email:{LONG}@example.com"], "profile": {"profileId": ID, "version": 1}}
FIRST = [
    *of(SHORT, LONG, 10),
    *of("bob", "bob", 10),
    *of("sue", "sue", 10),
    said("bob-on-pad", 11, userId="bob", anonymousId=f"{SHORT}-pad"),
    said(f"{SHORT}-refused", 11, userId=SHORT, event=None, properties={"note": LONG}),
    said("bob-refused", 11, userId="bob", event=None),
    said(f"{LONG}-told"[:90], 11, sourceId="@platform", anonymousId="platform", properties=TOLD),
]
BACK = said("ann-is-back", 13, userId=SHORT)


def entry(kind: str, profile: str, at: float = 10, **fields: str) -> dict:
    moment = said("", at)["timestamp"]
    return {"kind": kind, "profileId": profile, "messageId": f"{profile}-m", "timestamp": moment, "at": moment} | fields


def links(profile: str, name: str, email: str) -> list[dict]:
    named = (f"user_id:{name}", f"email:{email}@example.com", f"anonymous_id:{name}-pad")
    return [entry("link", profile, identifier=one) for one in named] + [entry("enter", profile, rule="buyers")]


LOG = [
    *links(ID, SHORT, LONG),
    *links("per_bob", "bob", "bob"),
    *links("per_sue", "sue", "sue"),
    entry("link", f"{ID}-2", identifier=f"anonymous_id:{SHORT}-pad"),
    entry("merge", ID, absorbed=f"{ID}-2"),
    entry("block", ID, identifier="email:blocked@example.com"),
    entry("link", "per_bob", 9, identifier=f"anonymous_id:{SHORT}-pad"),
]


class Shop(Lake):
    """A lake through whose whole chain of jobs people come."""

    def __init__(self, spark, directory):
        super().__init__(spark, directory, CONFIG)
        self.secrets = Secrets()
        self.place = Path(spark.conf.get("spark.sql.catalog.lake.warehouse")) / self.database

    def given(self, *more: str) -> list[str]:
        return [*self.arguments, "--identifier-key", KEY, *more]

    def come(self, part: str, lines: list[dict], log: list[dict]) -> None:
        self.put(f"2026/05/01/{part}/a.gz", lines, hour(int(part)))
        self.put(f"../identity_log/2026/05/01/{part}/a.gz", log, hour(int(part)))

    def chain(self) -> None:
        for job in (events, identities):
            job.run_job(self.spark, job.arguments(self.given()), self.secrets)
        profiles.run_job(self.spark, profiles.arguments(self.given("--now", "2026-05-03T00:00:00+00:00")))
        marts.run_job(self.spark, marts.arguments(self.given()))

    def everybody(self) -> None:
        """Everybody comes, and all jobs but `maintain` have run."""
        self.come("11", FIRST, LOG)
        export(self.directory, "first", "2026-06-01T00:00:00.000Z", [item("per_unknown"), item(ID, identifiers=[*ANN])])
        self.chain()
        self.suggest()

    def barred(self) -> None:
        """Ann is erased and comes back, her segment is left and told later; all jobs but `maintain` have run."""
        bar(self.directory, BARRED)
        more = [entry("exit", ID, 13, rule="buyers"), entry("link", "per_new", 13, identifier=f"user_id:{SHORT}")]
        self.come("13", [BACK], more)
        self.chain()

    def maintain(self, *more: str) -> dict:
        return maintain.run_job(self.spark, maintain.arguments(self.given(*more)), self.secrets)

    def suggest(self) -> None:
        """Pairs that matching once found, before it was switched off."""
        name = ensure_table(self.spark, self.database, read_table("identity_suggestions"))
        pairs = self.spark.createDataFrame([(ID, "per_bob"), ("per_bob", "per_sue")], "a string, b string")
        as_stored(pairs.toDF("profile_id", "other_profile_id"), self.spark, name).writeTo(name).append()

    def tables_with(self, text: str) -> set[str]:
        return {table.name for table in self.place.iterdir() if files_with(text, table)}

    def about(self, text: str, *without: str) -> dict[str, list[str]]:
        """All rows that say a text, by table."""
        rows = {table.name: self.table(table.name).collect() for table in self.place.iterdir()}
        said = {
            name: sorted(json.dumps(row.asDict(True), default=str) for row in found if text in str(row))
            for name, found in rows.items()
            if name not in without
        }
        return {name: found for name, found in said.items() if found}

    def newest(self) -> dict[str, int | None]:
        """The newest commit of each table."""
        return {table.name: head(self.spark, f"lake.{self.database}.{table.name}") for table in self.place.iterdir()}
