"""Operators part people: the eraser finds all of the one, and leaves the other what says that they are apart."""

import json

import pytest
from barred import SECRET, bar
from cdp.barriers.asked import FILE, Barriers
from cdp.barriers.barrier_list import read_barrier_list
from cdp.erasing.erased_entries import entries_of, erased_entries
from cdp.erasing.erased_ids import PLACES, reader_without_erased, remember_erased
from cdp.identity.identity_log import apart_by_log, named_by_log, read_entries, survivors_by_log
from cdp.tables.schema import ensure_table, read_table
from erased_shop import ERASED, entry
from lake import Lake

ANN = ("user_id:ann", "anonymous_id:ann-pad")
OLDEST, BOB, BETWEEN, YOUNG, SAM = "per_0_ann", "per_1_bob", "per_2_bob", "per_3_ann", "per_4_sam"
MERGED = [
    entry("link", OLDEST, 1, identifier="anonymous_id:ann-pad"),
    entry("link", BOB, 2, identifier="user_id:bob"),
    entry("link", BETWEEN, 3, identifier="email:bob@example.com"),
    entry("link", YOUNG, 4, identifier="user_id:ann"),
    entry("merge", BETWEEN, 5, absorbed=YOUNG),
    entry("merge", BOB, 6, absorbed=BETWEEN),
]
PARTED = [entry("unmerge", BOB, 7, apart=YOUNG), entry("unmerge", YOUNG, 7, apart=BOB)]
BOTH = [*PARTED, entry("unmerge", BOB, 8, apart=BETWEEN), entry("unmerge", BETWEEN, 8, apart=BOB)]
SAMS = [
    entry("unmerge", YOUNG, 8, apart=SAM),
    entry("unmerge", SAM, 8, apart=YOUNG, identifier="email:sam@example.com"),
]
LATER = [entry("merge", OLDEST, 9, absorbed=YOUNG)]
LOG = [*MERGED, *PARTED, *SAMS, *LATER]


def lines_of(spark, entries: list[dict]):
    rows = [(json.dumps(one), f"{n}") for n, one in enumerate(entries)]
    return spark.createDataFrame(rows, "line string, line_hash string")


def log_of(spark, entries: list[dict]):
    return read_entries(lines_of(spark, entries))


@pytest.fixture
def erasures(tmp_path) -> Barriers:
    bar(tmp_path, dict.fromkeys(ANN, ERASED.timestamp() * 1000))
    return Barriers(read_barrier_list((tmp_path / FILE).read_bytes()), SECRET.encode())


@pytest.mark.parametrize(
    ("entries", "survivors"),
    [
        pytest.param(MERGED, {BOB: BOB, BETWEEN: BOB, YOUNG: BOB}, id="merged through another"),
        pytest.param([*MERGED, *PARTED], {BOB: BOB, BETWEEN: BOB}, id="parted from whom it came to through another"),
        pytest.param(LOG, {BOB: BOB, BETWEEN: BOB, OLDEST: OLDEST, YOUNG: OLDEST}, id="parted, and merged again"),
        pytest.param([*MERGED[-1:], *PARTED], {BOB: BOB, BETWEEN: BOB}, id="others of the person stay"),
        pytest.param(
            [*MERGED, *PARTED, entry("merge", OLDEST, 4.5, absorbed=YOUNG)],
            {BOB: BOB, BETWEEN: BOB, OLDEST: OLDEST, YOUNG: OLDEST},
            id="parted, and merged after that by an event that had been received before",
        ),
        pytest.param([*MERGED, *BOTH], {}, id="both parts of a chain"),
        pytest.param([*MERGED, *SAMS], {BOB: BOB, BETWEEN: BOB, YOUNG: BOB}, id="an identifier alone was taken away"),
        pytest.param(
            [entry("merge", BOB, 9, absorbed=YOUNG), *PARTED], {}, id="a pair stays apart, whatever clocks said"
        ),
    ],
)
def test_an_unmerge_undoes_whatever_absorbed_the_profile_before(spark, entries, survivors):
    rows = survivors_by_log(log_of(spark, entries)).collect()
    assert {row.profile_id: row.survivor for row in rows} == survivors


def test_who_was_parted_is_apart_from_everybody_whose_merge_that_undid(spark):
    log = log_of(spark, [*MERGED, *BOTH])
    apart = apart_by_log(log, named_by_log(log))
    assert apart.pairs == {frozenset(pair) for pair in ((BOB, YOUNG), (BETWEEN, YOUNG), (BOB, BETWEEN))}
    assert apart.divides(["email:bob@example.com", "user_id:ann"])


def test_a_pair_that_is_one_again_by_the_log_divides_nobody(spark):
    log = log_of(spark, [*MERGED, *PARTED, entry("merge", BETWEEN, 9, absorbed=YOUNG)])
    assert apart_by_log(log, named_by_log(log)).pairs == frozenset()


def test_every_profile_of_a_parted_person_is_erased_and_none_of_whom_they_were_parted_from(spark, erasures):
    owners = spark.createDataFrame([(BOB,)], "profile_id string")
    _, profiles = erased_entries(log_of(spark, LOG), owners, erasures)
    assert {row.profile_id for row in profiles.collect()} == {OLDEST, YOUNG}


def test_whoever_was_parted_keeps_what_says_so_and_the_identifier_that_it_gave_them(spark, erasures):
    log = log_of(spark, LOG)
    owners = spark.createDataFrame([(BOB,)], "profile_id string")
    of_identifiers, profiles = erased_entries(log, owners, erasures)
    none = log.select("message_id", "timestamp").limit(0)
    left = log.join(of_identifiers.union(entries_of(log, profiles, none)), "entry_hash", "left_anti").localCheckpoint()
    assert not [row for row in left.collect() if any(name in str(row) for name in ANN)]
    assert {(row.kind, row.profile_id, row.apart) for row in left.where("kind = 'unmerge'").collect()} == {
        ("unmerge", BOB, YOUNG),
        ("unmerge", SAM, YOUNG),
    }
    assert {(row.identifier, row.profile_id) for row in named_by_log(left).collect()} == {
        ("user_id:bob", BOB),
        ("email:bob@example.com", BOB),
        ("email:sam@example.com", SAM),
    }


def test_an_unmerge_of_a_friend_that_comes_in_late_is_read(spark, tmp_path):
    lake = Lake(spark, tmp_path)
    ensure_table(spark, lake.database, read_table("identity_log"))
    remember_erased(spark, lake.database, spark.createDataFrame([(YOUNG,)], "profile_id string"), ERASED)
    read = reader_without_erased(read_entries, spark, lake.database, PLACES, until=ERASED)
    kept = read(lines_of(spark, [*PARTED, *LATER])).collect()
    assert {(row.kind, row.profile_id, row.apart) for row in kept} == {("unmerge", BOB, YOUNG)}
