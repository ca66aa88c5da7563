"""What the proof file claims, and never too much."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from cdp.erasing.proof import APART, MOST, NOTHING, Erasing, Proof, read_proof, write_proof
from laws import seed_of_run

KEPT = timedelta(days=7)
START = datetime(2026, 5, 1, tzinfo=UTC)


def run_at(hours: float, minutes: float = 30) -> Erasing:
    started = START + timedelta(hours=hours)
    return Erasing(started, started + timedelta(minutes=5), START, started + timedelta(minutes=minutes))


def after(*hours: float, kept: timedelta = KEPT) -> Proof:
    proof = Proof()
    for at in hours:
        proof = proof.after(run_at(at), kept)
    return proof


def test_without_a_file_nothing_is_proven():
    assert read_proof(None) == Proof((), NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "7", "null", "[]", "{}", '{"runs": 3, "cleanedBefore": "2026-05-01T00:00:00.000Z"}'),
        *('{"runs": []}', '{"runs": [], "cleanedBefore": 7}', '{"runs": [], "cleanedBefore": "2026-05-01T00:00:00"}'),
        '{"runs": [{"startedAt": "2026-05-01T00:00:00Z"}], "cleanedBefore": "1970-01-01T00:00:00.000Z"}',
        '{"runs": ["x"], "cleanedBefore": "1970-01-01T00:00:00.000Z"}',
    ],
)
def test_a_damaged_file_proves_nothing_and_is_written_again(text):
    assert read_proof(text) == Proof()
    assert read_proof(write_proof(read_proof(text).after(run_at(0), KEPT))) == after(0)


def test_the_file_says_what_the_contract_has():
    text = write_proof(after(0))
    times = '"startedAt": "2026-05-01T00:00:00.000Z", "endedAt": "2026-05-01T00:05:00.000Z", '
    times += '"upTo": "2026-05-01T00:00:00.000Z", "maintainedAt": "2026-05-01T00:30:00.000Z"'
    assert text == f'{{"version": 1, "runs": [{{{times}}}], "cleanedBefore": "1970-01-01T00:00:00.000Z"}}'
    assert read_proof(text) == after(0)


@pytest.mark.parametrize(
    ("hours", "cleaned"),
    [((0, 6, 100), None), ((0, 168), None), ((0, 168.4), None), ((0, 168.5), 0), ((0, 6, 175), 6)],
)
def test_what_was_deleted_is_out_of_files_when_snapshots_from_its_upkeep_are_gone(hours, cleaned):
    assert after(*hours).cleaned_before == (NOTHING if cleaned is None else run_at(cleaned).ended)


def test_of_runs_that_follow_each_other_soon_some_are_kept_and_the_newest_always():
    assert after(*range(8)).runs == (run_at(0), run_at(5), run_at(7))


def test_at_least_sixty_are_kept_and_as_many_as_are_needed_until_their_files_are_gone():
    assert len(after(*range(0, 600, 6)).runs) == MOST
    kept = timedelta(days=30)
    runs = after(*range(0, 1200, 6), kept=kept)
    assert runs.runs[0].ended > runs.cleaned_before and len(runs.runs) > MOST


def test_whenever_runs_happen_no_claim_goes_back_or_beyond_what_was_kept():
    seed = seed_of_run()
    chance = random.Random(seed)
    for _ in range(200):
        proof, at = Proof(), 0.0
        for _ in range(40):
            at += chance.choice((0.5, 1, 6, 24, 100))
            newer = proof.after(run := run_at(at), KEPT)
            assert newer.cleaned_before >= proof.cleaned_before, seed
            assert newer.cleaned_before <= max(proof.cleaned_before, run.started - KEPT), seed
            assert newer.runs[-1] == run
            starts = [one.started for one in newer.runs[:-1]]
            assert all(two - one >= APART for one, two in zip(starts, starts[1:], strict=False)), seed
            proof = newer
