"""Where the last run does not say whom something new reaches, everybody is placed, and the run says why."""

import pytest
from barred import ALWAYS, bar
from cdp.placing import place
from cdp.tables.iceberg import load
from idle import run
from jobs import identities
from lake import PLAIN
from people import RULES, START, row
from placed_worlds import EIGHT_DAYS, People

PEOPLE = 20
OTHERS = "the rules, the list of barriers or the code differ"
LEFT = "the tables are not as the last run left them"
CHANGED = "rows of {} were changed or removed, or their history is no longer kept"
ENTRY = {"profileId": "per_1", "timestamp": "2026-05-01T00:00:00.000Z", "at": "2026-05-01T00:00:01.000Z"}
RELEASE = {"type": "track", "sourceId": "@platform", "properties": {"release": "user_id:u7", "source": "shop"}}


def see(lake: People, name: str, who: str = "u0", days: int = 0) -> None:
    stated = row(0, {"type": "track", "userId": who}, name)
    lake.see([(*stated[:-2], START + days * EIGHT_DAYS, START + days * EIGHT_DAYS)])


def tell(lake: People, kind: str, **stated: str) -> None:
    lake.tell([{"kind": kind, "messageId": kind} | ENTRY | stated])


def sql(lake: People, statement: str) -> None:
    lake.spark.sql(statement.replace("$", f"lake.{lake.database}."))


def forget(lake: People) -> None:
    """Two rows come, and the history before them goes."""
    for name in ("forgotten-1", "forgotten-2"):
        see(lake, name)
    until = "older_than => TIMESTAMP '2100-01-01', retain_last => 1"
    sql(lake, f"CALL lake.system.expire_snapshots(table => '{lake.database}.sightings', {until})")


def compact(lake: People, table: str) -> None:
    everything = "options => map('rewrite-all', 'true')"
    sql(lake, f"CALL lake.system.rewrite_data_files(table => '{lake.database}.{table}', {everything})")


CAUSES = {
    "nothing but a new event": (lambda lake, _: see(lake, "new"), None),
    "a message that comes again later": (lambda lake, _: see(lake, "m3", days=1), None),
    "a new entry of the log": (lambda lake, _: tell(lake, "link", identifier="user_id:u1"), None),
    "a merge and its undoing": (
        lambda lake, _: (tell(lake, "merge", absorbed="per_2"), tell(lake, "unmerge", apart="per_2")),
        None,
    ),
    "a new event, and compacted tables": (
        lambda lake, _: (see(lake, "compacted"), compact(lake, "sightings"), compact(lake, "identity_map")),
        None,
    ),
    "other rules": (lambda lake, _: lake.configure(PLAIN | {"identity": RULES | {"defaultLimit": 4}}), OTHERS),
    "a barrier": (lambda lake, _: bar(lake.directory, {"user_id:u2": ALWAYS}), OTHERS),
    "another barrier": (lambda lake, _: bar(lake.directory, {"user_id:u2": 1e12}), OTHERS),
    "other code": (lambda _, patch: patch.setattr(identities, "code", lambda script: f"next of {script}"), OTHERS),
    "a changed map": (lambda lake, _: sql(lake, "DELETE FROM $identity_map WHERE identifier_value = 'u9'"), LEFT),
    "changed owners": (lambda lake, _: sql(lake, "DELETE FROM $event_profiles WHERE event_id = 'm9'"), LEFT),
    "changed components": (lambda lake, _: sql(lake, "UPDATE $identity_components SET component = 'x'"), LEFT),
    "an event less": (
        lambda lake, _: sql(lake, "DELETE FROM $sightings WHERE event_id = 'm9'"),
        CHANGED.format("sightings"),
    ),
    "an event that is read again": (
        lambda lake, _: sql(lake, "UPDATE $sightings SET reading = 'x' WHERE event_id = 'm8'"),
        CHANGED.format("sightings"),
    ),
    "a history that is no longer kept": (lambda lake, _: forget(lake), CHANGED.format("sightings")),
    "an entry less": (
        lambda lake, _: sql(lake, "DELETE FROM $identity_log WHERE kind = 'merge'"),
        CHANGED.format("identity_log"),
    ),
    "an erased profile": (lambda lake, _: tell(lake, "erased"), "somebody was erased"),
    "a message that was received before its stored row": (
        lambda lake, _: see(lake, "m4", days=-1),
        "a message came that was received before the row that is stored of it",
    ),
    "much that is new": (
        lambda lake, _: [see(lake, f"many{n}", f"u{n}") for n in range(PEOPLE // 4)],
        "much is new",
    ),
    "a release": (lambda lake, _: lake.see([row(30, RELEASE, "released")]), "a source released an identifier"),
    "a new event after a release": (lambda lake, _: see(lake, "after"), None),
}


@pytest.fixture(scope="module")
def lake(spark, tmp_path_factory) -> People:
    """A lake of people of whom some are known to the stream, all of whom one run has placed."""
    lake = People(spark, tmp_path_factory.mktemp("why"), RULES)
    lake.see(row(n, {"type": "track", "userId": f"u{n}"}, f"m{n}") for n in range(PEOPLE))
    tell(lake, "link", identifier="user_id:u0")
    assert run(lake, identities)["full"] == "no run of this release has placed anybody"
    return lake


@pytest.mark.parametrize("cause", CAUSES)
def test_everybody_is_placed_for_a_cause_and_for_no_other(lake, monkeypatch, cause):
    change, why = CAUSES[cause]
    # Whether everybody is placed is the question here, which does not need that anybody is.
    monkeypatch.setattr(place, "place_all", lambda _, why: place.NOTHING._replace(full=why))
    monkeypatch.setattr(place, "place_some", lambda *_: place.NOTHING)
    # The code, which the case before may have changed, is again what it is.
    run(lake, identities)
    change(lake, monkeypatch)
    assert run(lake, identities).get("full") == why
    assert "full" not in run(lake, identities)


def test_what_somebody_else_writes_while_a_run_works_is_not_taken_for_its_own(lake, monkeypatch):
    run(lake, identities)
    see(lake, "meanwhile")
    table = load(lake.spark, f"lake.{lake.database}.event_profiles")
    everything = lake.spark._jvm.org.apache.iceberg.expressions.Expressions.alwaysTrue()

    def others(*_: object) -> place.Done:
        table.newDelete().deleteFromRowFilter(everything).commit()
        return place.NOTHING

    with monkeypatch.context() as patched:
        patched.setattr(identities, "place", others)
        run(lake, identities)
    assert run(lake, identities)["full"] == LEFT


def test_a_full_run_is_one(lake):
    assert run(lake, identities, "--full", "true")["full"] == "a full run was asked for"
