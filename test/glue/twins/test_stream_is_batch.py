"""Profiles that the jobs make of events are those that the stream makes of them, in 100 random worlds."""

import gzip
import json
import subprocess
from datetime import datetime

from exports import export
from jobs import identities, profiles
from lake import PLAIN, ROOT, hour
from laws import seed_of_run

WORLDS = 100


def worlds_of(seed: int) -> dict:
    """Worlds with what the stream's own code makes of their events."""
    command = [str(ROOT / "node_modules/.bin/node"), str(ROOT / "test/glue/twins/worlds.ts"), str(seed), str(WORLDS)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)


def log_lines(lake, entries: list[dict]) -> None:
    """The identity log as Firehose leaves it."""
    path = lake.directory / "identity_log/2026/05/01/00/log.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress("".join(f"{json.dumps(entry)}\n" for entry in entries).encode()))


def made_by_jobs(lake, made: dict) -> tuple[dict[str, dict], dict]:
    """The profiles of the lake, and what its comparison with the stream's table says."""
    lake.configure(PLAIN | made["config"])
    lake.put("2026/05/01/00/events.gz", [event for world in made["worlds"] for event in world["events"]], hour(0))
    log_lines(lake, [entry for world in made["worlds"] for entry in world["log"]])
    given = lake.arguments
    lake.run()
    identities.run_job(lake.spark, identities.arguments(given))
    export(
        lake.directory, "now", "2026-06-01T00:00:00.000Z", [item for world in made["worlds"] for item in world["items"]]
    )
    # The stream decides at the time of its last batch.
    asked = [*given, "--now", "2026-05-01T01:00:00+00:00"]
    compared = profiles.run_job(lake.spark, profiles.arguments(asked))["comparison"]
    computed = {trait["key"] for trait in made["config"]["traits"]}
    return {row.profile_id: shown(row, computed) for row in lake.table("profiles").collect()}, compared


def shown(row, computed: set[str]) -> dict:
    return {
        "profileId": row.profile_id,
        "collection": row.collection,
        **{
            name: millis(row[column])
            for name, column in (("createdAt", "created_at"), ("firstSeen", "first_seen"), ("lastSeen", "last_seen"))
        },
        "eventCount": row.event_count,
        "identifiers": sorted(json.loads(row.identifiers)),
        "traits": {name: value for name, value in json.loads(row.traits).items() if name not in computed},
        "segments": sorted(row.segments),
    }


def millis(at: datetime) -> str:
    return f"{at.isoformat(timespec='milliseconds')}Z"


def test_stream_equals_batch_in_random_worlds(lake):
    seed = seed_of_run()
    print(f"seed {seed}")
    made = worlds_of(seed)
    stored, compared = made_by_jobs(lake, made)
    differing = [
        (number, world["binding"], expected, stored.get(expected["profileId"]))
        for number, world in enumerate(made["worlds"])
        for expected in world["profiles"]
        if stored.pop(expected["profileId"], None) != expected
    ]
    assert (differing[:3], len(differing), list(stored.values())[:3]) == ([], 0, []), f"seed {seed}"
    made_of = {
        of: [one["segments"] for world in made["worlds"] for one in world["profiles"] if one["collection"] == of]
        for of in ("users", "accounts")
    }
    for of, all_of in made_of.items():
        keys = [one["key"] for one in made["config"]["segments"] if (one.get("of") == "accounts") == (of == "accounts")]
        sizes = {key: sum(key in one for one in all_of) for key in keys}
        print(f"of {len(all_of)} {of}: {sizes}")
        assert all(0 < size < len(all_of) for size in sizes.values()), f"seed {seed}: nobody, or everybody, of {of}"
    assert {world["binding"] for world in made["worlds"]} == {True, False}, (
        f"seed {seed}: some worlds with limits that bind, and some without"
    )
    assert any(world["released"] for world in made["worlds"]), f"seed {seed}: nothing is released"
    assert any("~" in id_ for world in made["worlds"] for one in world["profiles"] for id_ in one["identifiers"])
    assert (compared["in_table"], compared["put_aside"], compared["differences"]) == (
        sum(len(world["profiles"]) for world in made["worlds"]),
        0,
        {},
    ), f"seed {seed}"
