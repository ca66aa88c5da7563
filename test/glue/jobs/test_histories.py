"""The job `histories` on events that the jobs before it read: who is told what, once, and never too early."""

import gzip
import json
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from cdp.segments.person import Happened
from cdp.tables.watermark import commit_watermark
from crashes import Calls, Killed
from identity_rules import RULES
from jobs import histories, identities
from lake import PLAIN, Lake, event, hour
from laws import seed_of_run
from pyspark.errors import ParseException

CUT = "2026-05-01T12:00:00.000Z"
NEEDS = {
    "users": {
        "events": [["track", "Order Completed"], ["page", None]],
        "fields": ["revenue", "items.sku"],
        "context": ["page.path"],
    },
    "accounts": {"events": [["group", None]], "fields": ["plan"], "context": []},
}
NOTHING = {"events": [["track", "Never"]], "fields": [], "context": []}
ORDER = {"revenue": 12.50, "items": [{"sku": "x", "name": "secret"}], "coupon": "secret"}
PAGE = {"page": {"path": "/", "title": "secret"}, "traits": {"email": "Ann@example.com"}, "ip": "secret"}
CONFIG = PLAIN | {"identity": RULES}


def said(message_id: str, minute: int, **fields: object) -> dict:
    at = (hour(10) + timedelta(minutes=minute)).isoformat().replace("+00:00", ".000Z")
    return event(message_id, timestamp=at, receivedAt=at, **fields)


def bought(message_id: str, minute: int, **who: str) -> dict:
    return said(message_id, minute, event="Order Completed", properties=ORDER, **who)


EVENTS = [
    said("ann1", 0, type="page", event=None, name="Home", anonymousId="ann-phone", context=PAGE, properties={"x": 1}),
    bought("ann2", 1, anonymousId="ann-phone", userId="ann"),
    bought("ann2", 90, anonymousId="ann-phone", userId="ann"),
    said("ann3", 2, userId="ann", anonymousId="ann-phone"),
    bought("bob1", 119, anonymousId="bob-phone"),
    bought("bob2", 120, anonymousId="bob-phone"),
    bought("eve1", 130, anonymousId="eve-phone"),
    said("cid1", 3, anonymousId="cid-phone"),
    bought("null", 4, anonymousId="null"),
    said("cid2", 4, type="group", event=None, groupId="acme", traits={"plan": "pro"}, anonymousId="cid-phone"),
    bought("told", 5, sourceId="@platform", anonymousId="platform"),
]


class Histories(Lake):
    """A lake that reads what it holds, and the files of a run."""

    def read(self) -> None:
        self.run()
        identities.run_job(self.spark, identities.arguments(self.arguments))

    def ask(self, run: str, **request: object) -> None:
        path = self.directory / "histories" / run
        path.mkdir(parents=True)
        asked = {"from": 1, "generation": 3, "cut": CUT, "needs": NEEDS, **request}
        (path / "request.json").write_text(json.dumps(asked))

    def gather(self, run: str) -> dict:
        given = [*self.arguments, "--run", run, "--settle-minutes", "15", "--conf", "x=y"]
        return histories.run_job(self.spark, histories.arguments(given))

    def files(self, run: str) -> list[list[dict]]:
        manifest = json.loads((self.directory / "histories" / run / "manifest.json").read_text())
        texts = [gzip.decompress((self.directory / name).read_bytes()).decode() for name in manifest["files"]]
        return [[json.loads(line) for line in text.splitlines()] for text in texts]

    def people(self, run: str) -> dict[str, list[dict]]:
        """The lines of each person, by the last of its identifiers."""
        return {line["identifiers"][-1]: line["events"] for lines in self.files(run) for line in lines}


@pytest.fixture(scope="module")
def shop(spark, tmp_path_factory) -> Histories:
    shop = Histories(spark, tmp_path_factory.mktemp("histories"), CONFIG)
    shop.put("2026/05/01/10/a.gz", EVENTS, hour(12) + timedelta(minutes=16))
    shop.put("2026/05/01/12/a.gz", [said("late", 140)], hour(13))
    shop.read()
    shop.ask("first")
    shop.gather("first")
    return shop


def test_each_person_has_the_events_that_are_needed_and_were_received_before_the_cut(shop):
    people = shop.people("first")
    assert people.pop("group_id:acme")
    assert {who: [one["at"] for one in events] for who, events in people.items()} == {
        "anonymous_id:ann-phone": [1777629600000, 1777629660000],
        "anonymous_id:bob-phone": [1777636740000],
    }


def test_an_event_has_its_mark_and_what_is_needed_of_it_and_numbers_keep_their_digits(shop):
    page, order = shop.people("first")["anonymous_id:ann-phone"]
    row = {
        "type": "track",
        **dict.fromkeys(("name", "group_id", "previous_id", "traits", "context")),
        **{"source_id": "storefront", "message_id": "ann2", "user_id": "ann", "anonymous_id": "ann-phone"},
    }
    assert order == {
        **{"at": 1777629660000, "receivedAt": 1777629660000, "mark": Happened(0, row).mark},
        **{"type": "track", "event": "Order Completed"},
        "properties": {"revenue": 12.5, "items": [{"sku": "x"}]},
    }
    assert page == {
        **{"at": 1777629600000, "receivedAt": 1777629600000, "mark": page["mark"], "type": "page", "name": "Home"},
        "context": {"page": {"path": "/"}},
    }
    assert "secret" not in json.dumps(shop.files("first"))


def test_an_account_has_the_events_that_are_needed_of_accounts_and_its_people_do_not(shop):
    shop.ask("accounts", needs=NEEDS | {"users": NOTHING})
    shop.gather("accounts")
    ((account,),) = shop.files("accounts")
    assert (account["collection"], account["identifiers"]) == ("accounts", ["group_id:acme"])
    assert [(one["type"], one["traits"]) for one in account["events"]] == [("group", {"plan": "pro"})]


def test_a_person_is_named_by_the_most_trusted_identifiers_first(shop):
    (ann,) = [line for lines in shop.files("first") for line in lines if len(line["events"]) == 2]
    assert ann["identifiers"] == ["user_id:ann", "email:ann@example.com", "anonymous_id:ann-phone"]
    assert ann["profileId"].startswith("per_")


def test_a_manifest_says_what_there_is_and_until_when_the_lake_surely_knew(shop):
    manifest = shop.gather("first")
    assert manifest | {"at": "", "files": []} == {
        **{"run": "first", "at": "", "from": 1, "generation": 3, "lines": 3, "people": 3, "events": 4, "files": []}
    }
    assert manifest["at"] > CUT and len(manifest["files"]) == 1


def test_a_run_that_is_there_stays_as_it_is(shop):
    before = shop.files("first")
    (shop.directory / "histories/first/request.json").unlink()
    shop.gather("first")
    assert shop.files("first") == before


def test_a_run_without_events_has_no_people(shop):
    shop.ask("nothing", needs={"users": NOTHING})
    manifest = shop.gather("nothing")
    assert [manifest[name] for name in ("lines", "people", "events")] == [0, 0, 0]
    assert shop.people("nothing") == {}


QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("placed", "written_at", "is_early"),
    [
        (hour(12), [], False),
        (None, [], False),
        (None, [hour(12)], True),
        (hour(11), [hour(12)], True),
        (hour(12), [hour(12), hour(12) + QUARTER], False),
        (hour(12), [hour(12), hour(12) + QUARTER - timedelta(seconds=1)], True),
        (hour(12), [hour(12) + timedelta(seconds=1), hour(14)], True),
    ],
)
def test_it_waits_for_identities_to_have_placed_what_came_before_the_cut(lake, placed, written_at, is_early):
    for n, at in enumerate(written_at):
        lake.put(f"2026/05/01/12/{n}.gz", EVENTS[:1], at)
    if placed:
        commit_watermark(lake.spark, lake.database, "placed", placed)
    assert is_early == waits(lake, hour(12))


def test_a_cut_that_is_not_15_minutes_past_is_too_early_though_nothing_is_unread(lake):
    now = datetime.now(UTC)
    assert [waits(lake, now - timedelta(minutes=ago)) for ago in (14, 16)] == [True, False]


def waits(lake: Lake, cut: datetime) -> bool:
    args = histories.arguments([*lake.arguments, "--run", "early"])
    try:
        return histories.frozen_at(lake.spark, args, cut) < cut
    except histories.TooEarly as early:
        assert f"must have until {histories.instant(cut)}: run them again, 15 minutes after that" in str(early)
        return True


def test_whatever_call_it_dies_at_run_again_it_leaves_every_line_once_and_each_person_in_one_file(lake, monkeypatch):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance, spark, shop = random.Random(seed), lake.spark, Histories(lake.spark, lake.directory, CONFIG)
    counts = {f"p{n}": chance.choice([1, 99, 100, 101, 250]) for n in range(6)}
    messages = [(who, n) for who, count in counts.items() for n in range(count)]
    calls = [bought(f"{who}-{n}", chance.randrange(110), anonymousId=who) for who, n in messages]
    chance.shuffle(calls)
    shop.put("2026/05/01/10/a.gz", calls, hour(12))
    shop.read()
    shop.ask("killed")
    calls_to_spark = Calls(monkeypatch)
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    try:
        shop.ask("whole")
        calls_to_spark.made = 0
        shop.gather("whole")
        most = calls_to_spark.made
        for _ in range(3):
            calls_to_spark.made, calls_to_spark.dies_at = 0, chance.randrange(1, most)
            with pytest.raises((Killed, ParseException)):
                shop.gather("killed")
            print(f"died at call {calls_to_spark.dies_at} of {most}")
            calls_to_spark.dies_at = None
        shop.gather("killed")
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", "1")
    assert shop.files("killed") == shop.files("whole")
    found = defaultdict(list)
    for n, lines in enumerate(shop.files("killed")):
        assert [line["profileId"] for line in lines] == sorted(line["profileId"] for line in lines)
        for line in lines:
            found[line["identifiers"][0].split(":")[1]].append((n, line["events"]))
    for lines in found.values():
        events = [one for _, some in lines for one in some]
        assert events == sorted(events, key=lambda one: one["at"])
        assert len({n for n, _ in lines}) == 1 and {len(some) for _, some in lines[:-1]} <= {100}
    marks = {who: {one["mark"] for _, some in lines for one in some} for who, lines in found.items()}
    assert {who: len(some) for who, some in marks.items()} == counts
