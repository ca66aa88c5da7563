"""A person who is erased goes from every table and every file of it, and nobody else does."""

import json
import os
import shutil
import time
from datetime import UTC, datetime

import pytest
from barred import bar
from cdp.erasing.proof import read_proof
from erased_shop import ANN, BARRED, ERASED, ID, LONG, SHORT, Shop
from table_files import files_with

OF_IDS = {"segment_membership", "rfm", "mart_state", "identity_suggestions"}
WITH_TEXTS = {
    *("events", "sightings", "rejected_events", "event_profiles", "identity_log", "identity_map", "profiles"),
    *("profile_differences", "customer_360", "sessions", "attribution"),
}
BOUND = LONG[:15]
"""What both bounds in a manifest have of a long text: the upper one raises the sixteenth character."""
KEEPERS = {
    *("events", "sightings", "rejected_events", "identity_log", "segment_membership"),
    *("profile_differences", "identity_suggestions"),
}
"""Tables that no job makes again."""


@pytest.fixture(scope="module")
def shop(spark, tmp_path_factory) -> Shop:
    return Shop(spark, tmp_path_factory.mktemp("erased"))


@pytest.fixture(scope="module")
def before(shop) -> dict:
    """Everybody is there."""
    shop.everybody()
    found = {text: shop.tables_with(text) for text in (SHORT, LONG, BOUND, ID)}
    return found | {"bob": shop.about("bob"), "sue": shop.about("sue")}


@pytest.fixture(scope="module")
def after(shop, before) -> dict:
    """Ann is erased and comes back, and old files are gone."""
    orphan = next((shop.place / "events/data").rglob("*.parquet"))
    left = orphan.with_name("left-by-a-job-that-died.parquet")
    shutil.copy(orphan, left)
    os.utime(left, (time.time() - 4 * 86_400,) * 2)
    assert files_with(SHORT, shop.place / "events") and left.name in files_with(SHORT, shop.place / "events")
    shop.barred()
    told, proofs, newest, found = [], [], [], {}
    for _ in range(2):
        told.append(shop.maintain("--keep-days", "0"))
        assert told[-1]["unproven"] == {}
        proofs.append(read_proof((shop.directory / "erasures/lake").read_text()))
        newest.append(shop.newest())
        # By the first run already: what it replaced itself is gone, too.
        found = found or {text: shop.tables_with(text) for text in (LONG, BOUND, ID)}
    return found | {"told": told, "proofs": proofs, "newest": newest}


def test_the_scan_finds_the_person_in_every_table_that_has_anybody(before):
    assert before[SHORT] | before[LONG] >= WITH_TEXTS
    assert before[BOUND] >= before[LONG]
    assert before[ID] >= OF_IDS


def test_nothing_is_left_in_any_file_of_any_table(shop, after):
    # What she did since is hers again, by a name that she had.
    back = {"events", "sightings", "identity_map", "profiles", "customer_360", "identity_log"}
    assert after[LONG] | after[BOUND] == set()
    assert after[ID] == {"identity_log"}, "where a profile id is remembered"
    rows = shop.about(SHORT)
    assert set(rows) <= back
    assert {json.loads(row)["message_id"] for row in rows["events"]} == {"ann-is-back", "bob-on-pad"}
    assert {json.loads(row)["profile_id"] for row in rows["identity_log"]} == {"per_new"}


def test_what_is_remembered_is_a_profile_id_and_the_time_of_an_erasure(shop, after):
    entries = shop.spark.table(f"lake.{shop.database}.identity_log").where("kind = 'erased'").collect()
    assert {row.profile_id for row in entries} == {ID, f"{ID}-2"}
    for row in entries:
        values = row.asDict() | {"entry_hash": None, "kind": None, "profile_id": None, "at": None}
        assert (set(values.values()), row.at.replace(tzinfo=UTC)) == ({None}, ERASED)


def test_each_table_that_keeps_what_was_once_true_is_erased_once(after):
    assert after["told"][0]["erased"].keys() == KEEPERS
    assert after["told"][1]["erased"] == {}


def test_a_run_with_nothing_left_to_erase_commits_nothing(after):
    assert after["newest"][0] == after["newest"][1]


def test_who_comes_back_stays_and_is_somebody_new(shop, after):
    assert ("ann-is-back", "per_new") in shop.rows("event_profiles", "message_id", "profile_id")
    assert "ann-is-back" in {row[0] for row in shop.rows("events", "message_id")}


def test_a_friend_on_the_shared_device_keeps_what_is_theirs_to_the_byte(shop, before, after):
    # Scores compare customers, and the log no longer says that her pad was once linked to Bob.
    others = ("data_quality", "identity_log", "identity_suggestions", "rfm", "customer_360")
    was = {name: rows for name, rows in before["bob"].items() if name not in others}
    assert shop.about("bob", *others) == was
    assert len(was["events"]) == 4 and was["rejected_events"]
    pairs = [row for row in before["bob"]["identity_suggestions"] if ID not in row]
    assert shop.about("bob")["identity_suggestions"] == pairs


def test_the_proof_says_up_to_when_and_what_is_out_of_all_files(after):
    first, second = after["proofs"]
    assert [run.up_to for run in second.runs] == [ERASED] * 2
    assert first.cleaned_before < datetime(2000, 1, 1, tzinfo=UTC)
    # Orphans are kept for two days at least, so nothing younger is proven to be gone.
    assert second.cleaned_before == first.cleaned_before


def test_who_is_only_suppressed_stays_in_what_the_lake_keeps(shop, before, after):
    for name in ("events", "sightings", "identity_log"):
        assert shop.about("sue")[name] == before["sue"][name]
    bar(shop.directory, {name: until for name, until in BARRED.items() if name in ANN})
    shop.chain()
    assert len(shop.about("sue")["event_profiles"]) == len(before["sue"]["event_profiles"])
