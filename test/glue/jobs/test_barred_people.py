"""Nobody who is erased or suppressed is made again by the jobs: not of what the lake has, and not of the raw zone.

One lake lives through it: everybody is there; Ann is erased, Sue is suppressed, and more comes in late; Sue is let in
again. A second lake is made of the raw zone alone.
"""

import json
from datetime import timedelta

import pytest
from barred import ALWAYS, KEY, Secrets, bar
from cdp.barriers.barrier_list import BarriersUnreadable
from exports import DICTIONARY, export
from jobs import events, identities, marts, profiles
from lake import PLAIN, RULES, Lake, event, hour

ERASED = hour(12)
MADE = ("identity_map", "event_profiles", "profiles", "customer_360", "sessions", "rfm", "attribution")
ORDER = {"order_id": "o", "total": 10, "currency": "EUR"}
SUE = {"user_id:sue-4c", "email:sue-4c@example.com", "anonymous_id:sue-4c-pad"}
ANN = {"user_id:ann-7f", "email:ann-7f@example.com", "anonymous_id:ann-7f-pad"}
WILLING = {"key": "willing", "where": {"consent": "ads", "is": "granted"}}
BARRED = dict.fromkeys(ANN, ERASED.timestamp() * 1000) | dict.fromkeys(SUE, ALWAYS)


def said(message_id: str, at: float, **fields: object) -> dict:
    time = (hour(0) + timedelta(hours=at)).isoformat().replace("+00:00", ".000Z")
    return event(message_id, **{"timestamp": time, "receivedAt": time, "anonymousId": None, **fields})


def of(name: str, at: float) -> list[dict]:
    """What a person did around an hour: said who they are, bought on a device, and looked."""
    about = {"type": "identify", "event": None, "traits": {"email": f"{name}@example.com"}}
    return [
        said(f"{name}-{at}-1", at, userId=name, anonymousId=f"{name}-pad", **about),
        said(f"{name}-{at}-2", at, anonymousId=f"{name}-pad", event="Order Completed", properties=ORDER),
    ]


def asked(yes: bool) -> dict:
    return {"context": {"consent": {"categoryPreferences": {"ads": yes}}}}


CORRECTED = {"identifiers": ["email:ann-7f@example.com"], "profile": {"profileId": "per_1", "version": 1}}
FIRST = [
    *of("ann-7f", 10),
    *of("sue-4c", 10),
    *of("bob", 10),
    said("bob-refused", 10.5, userId="bob", **asked(False)),
    said("bob-on-pad", 11, userId="bob", anonymousId="ann-7f-pad", **asked(True)),
]
LATE = [
    said("ann-7f-late", 11, userId="ann-7f"),
    said("ann-7f-refused", 11, userId="ann-7f", event=None),
    said("ann-7f-told", 11, sourceId="@platform", anonymousId="platform", properties=CORRECTED),
    said("ann-7f-untimed", 11, userId="ann-7f") | {"timestamp": "ann-7f"},
    said("ann-again", 13, userId="ann-7f"),
    *of("sue-4c", 13),
    said("eve-refused", 13, userId="eve", event=None),
]
KEPT = {"bob-10-1", "bob-10-2", "bob-refused", "bob-on-pad", "ann-again"}
BEFORE = {message for name in ("ann-7f", "sue-4c") for message in (f"{name}-10-1", f"{name}-10-2")}


class Barred(Lake):
    """A lake whose jobs may ask about barriers."""

    def __init__(self, spark, directory):
        super().__init__(spark, directory, PLAIN | {"identity": RULES, "packing": DICTIONARY, "segments": [WILLING]})
        self.secrets = Secrets()

    def given(self, *more: str) -> list[str]:
        return [*self.arguments, "--identifier-key", KEY, *more]

    def take_in(self) -> dict[str, int]:
        measures = events.run_job(self.spark, events.arguments(self.given()), self.secrets)
        return {measure: rows for step, _, measure, rows in measures if step == "read"}

    def make(self) -> dict:
        """What the job identities reports, after the others have made their tables."""
        told = identities.run_job(self.spark, identities.arguments(self.given()), self.secrets)
        profiles.run_job(self.spark, profiles.arguments(self.given("--now", "2026-05-03T00:00:00+00:00")))
        marts.run_job(self.spark, marts.arguments(["--database", self.database]))
        return told

    def compare(self) -> set[str]:
        """The messages that a comparison with an empty table sends."""
        sent: list[str] = []
        export(self.directory, "empty", "2026-05-02T00:00:00.000Z", [])
        put = lambda lines: sent.extend(row.line for row in lines.collect()) or len(sent)  # noqa: E731
        profiles.run_job(self.spark, profiles.arguments(self.given()), put)
        return {json.loads(line)["messageId"] for line in sent}

    def tables_with(self, text: str, tables: tuple[str, ...] = MADE) -> set[str]:
        return {name for name in tables if any(text in str(row) for row in self.table(name).collect())}

    def messages(self, table: str = "event_profiles") -> set[str]:
        return {message for (message,) in self.rows(table, "message_id")}

    def owner(self, value: str) -> str:
        return dict(self.rows("identity_map", "identifier_value", "profile_id"))[value]

    def identifiers(self) -> set[str]:
        return {":".join(row) for row in self.rows("identity_map", "identifier_type", "identifier_value")}


@pytest.fixture(scope="module")
def lake(spark, tmp_path_factory) -> Barred:
    return Barred(spark, tmp_path_factory.mktemp("barred"))


@pytest.fixture(scope="module")
def whole(lake) -> dict:
    """Everybody is there."""
    lake.put("2026/05/01/10/a.gz", FIRST, hour(12))
    told = lake.take_in() | lake.make()
    return told | {"read": lake.secrets.read, "sue": lake.owner("sue-4c"), "messages": lake.messages()}


@pytest.fixture(scope="module")
def barred(lake, whole) -> dict:
    """Ann is erased and Sue suppressed, and more comes in."""
    bar(lake.directory, BARRED)
    lake.put("2026/05/01/13/a.gz", LATE, hour(14))
    found = {"of_sue": lake.tables_with(whole["sue"]), "counted": lake.take_in(), "told": lake.make()}
    tables = ("events", "rejected_events", "sightings")
    return found | {"left": lake.tables_with(whole["sue"]), "taken": set.union(*map(lake.messages, tables))}


def test_nobody_has_a_barrier_so_everybody_is_there_and_no_secret_is_read(whole):
    assert whole["messages"] == BEFORE | KEPT - {"ann-again"}
    assert (whole["read"], "suppressed" in whole) == (0, False)


def test_what_comes_in_late_is_counted_and_in_no_table(barred):
    # The first object is read again; whoever is barred is not looked up among what is stored.
    assert barred["counted"] == {"lines": 16, "accepted": 1, "rejected": 1, "repeated": 4, "suppressed": 10}
    assert barred["taken"] == BEFORE | KEPT | {"eve-refused"}


def test_what_the_lake_had_makes_nobody_any_more(lake, barred):
    assert barred["told"]["suppressed"] == 4
    assert (barred["of_sue"], barred["left"]) == (set(MADE), set())
    assert lake.messages() == KEPT


def test_a_person_who_comes_back_is_there_with_what_came_later_and_a_friend_keeps_what_is_theirs(lake, barred):
    assert lake.identifiers() & ANN == {"user_id:ann-7f"}
    counts = dict(lake.rows("profiles", "profile_id", "event_count"))
    assert (counts[lake.owner("ann-7f")], counts[lake.owner("bob")]) == (1, 4)


def test_a_yes_on_the_device_of_an_erased_person_undoes_nothing_that_a_friend_refused(lake, barred):
    assert dict(lake.rows("profiles", "profile_id", "segments"))[lake.owner("bob")] == []


def test_a_comparison_sends_nothing_of_them(lake, barred):
    assert lake.compare() == KEPT


def test_who_is_let_in_again_has_what_the_lake_kept(lake, barred):
    bar(lake.directory, {name: until for name, until in BARRED.items() if name not in SUE})
    assert lake.make()["suppressed"] == 2
    assert lake.messages() == KEPT | {"sue-4c-10-1", "sue-4c-10-2"}


def test_a_lake_made_of_the_raw_zone_alone_has_nothing_of_them(spark, tmp_path):
    lake = Barred(spark, tmp_path)
    bar(lake.directory, BARRED)
    lake.put("2026/05/01/13/a.gz", [*FIRST, *LATE], hour(14))
    lake.take_in()
    lake.make()
    tables = ("events", "rejected_events", "sightings", *MADE)
    assert lake.tables_with("sue-4c", tables) | lake.tables_with("ann-7f@", tables) == set()
    assert lake.messages("events") == KEPT


@pytest.mark.parametrize("job", [events, identities])
def test_nothing_passes_while_barriers_cannot_be_read(spark, tmp_path, job):
    lake = Barred(spark, tmp_path)
    bar(lake.directory, BARRED)
    with pytest.raises(BarriersUnreadable, match="--identifier-key"):
        job.run_job(spark, job.arguments(lake.arguments), lake.secrets)
    (tmp_path / "barriers/current").write_bytes(b"cdp-barriers-1")
    with pytest.raises(BarriersUnreadable, match="14 bytes"):
        job.run_job(spark, job.arguments(lake.given()), lake.secrets)
