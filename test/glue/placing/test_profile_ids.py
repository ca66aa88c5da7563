"""Ids go to people by the most votes first, and the same ones again once they are stored."""

import random

from cdp.placing.profile_ids import with_profile_ids
from laws import seed_of_run
from pyspark.sql import functions as F

PEOPLE, WORLDS = 8, 40


def owned(world: int) -> dict[str, str]:
    """Each identifier of a world with its person. Some people have many."""
    chance = random.Random(world)
    return {f"w{world}-p{who}-{n}": f"w{world}-p{who}" for who in range(PEOPLE) for n in range(chance.randrange(1, 9))}


def by_greed(people: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """Who gets which of the known ids, by an oracle of its own: one claim after another."""
    votes: dict[tuple[str, str], int] = {}
    for identifier, profile_id in known.items():
        claim = people[identifier], profile_id
        votes[claim] = votes.get(claim, 0) + 1
    found: dict[str, str] = {}
    for person, profile_id in sorted(votes, key=lambda claim: (-votes[claim], claim[1], claim[0])):
        if person not in found and profile_id not in found.values():
            found[person] = profile_id
    return found


def test_ids_are_given_by_the_most_votes_first_and_given_again(spark):
    seed = seed_of_run()
    print(f"seed {seed}")
    chance = random.Random(seed)
    people = {one: person for n in range(WORLDS) for one, person in owned(seed * WORLDS + n).items()}
    # Few ids, each of one world, that many people claim; the log says some of them and the last run the others.
    claims = {one: f"per_{person.split('-')[0]}_{chance.randrange(5)}" for one, person in people.items()}
    logged = {one: claims[one] for one in people if chance.random() < 0.3}
    stored = {one: claims[one] for one in people if one not in logged and chance.random() < 0.8}
    owners = [("users", one, who) for one, who in people.items()]
    rows = spark.createDataFrame(owners, "collection string, identifier string, person string")
    born = rows.withColumn("received_at", F.to_timestamp(F.lit("2026-05-01"))).localCheckpoint()

    def given(known: dict[str, str]) -> dict[str, str]:
        named = spark.createDataFrame(
            [("users", one, profile_id) for one, profile_id in known.items()],
            "collection string, identifier string, profile_id string",
        )
        return {row.person: row.profile_id for row in with_profile_ids(rows, born, named).collect()}

    first, expected = given(logged | stored), by_greed(people, logged | stored)
    assert {person: first[person] for person in expected} == expected, f"seed {seed}"
    claimed = set(claims.values())
    assert all(first[person] not in claimed for person in first if person not in expected), f"seed {seed}"
    assert len(set(first.values())) == len(first), f"seed {seed}"
    assert len(expected) < len(set(people[one] for one in logged | stored)), "somebody lost every claim"
    again = given({one: logged.get(one) or first[person] for one, person in people.items()})
    assert again == first, f"seed {seed}"
