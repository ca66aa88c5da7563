"""Random definitions and lives: what the stream's code makes of them, what its oracle says, and what the lake does."""


import pytest
from cdp.segments.definitions import Definitions
from cdp.segments.person import Person
from laws import seed_of_run
from lives import person
from stream_answers import by_the_stream

RUNS = {"segmentsOfLives": 2_500, "segmentsOfCalls": 1_500}
"""Lives that the oracle knows, too; calls of every type, lists, draws and people's own zones by the stream alone."""


def answers(definitions: Definitions, someone: Person, now: int) -> object:
    told = definitions.about(someone, now)
    return typed([told.memberships(), {key: told.trait(key) for key in definitions.traits}])


def typed(value: object) -> object:
    """The same with booleans that equal no number."""
    if isinstance(value, list | dict):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        return {key: typed(one) for key, one in inside}
    return (isinstance(value, bool), value)


def difference(asked: dict, told: list[dict]) -> tuple | None:
    """The first time at which the lake differs from the stream or from the oracle."""
    definitions = Definitions(asked["defined"]["segments"], asked["defined"]["traits"])
    someone = person(asked["facts"], asked["events"], asked.get("person", "p"))
    for now, one in zip(asked["nows"], told, strict=True):
        mine = answers(definitions, someone, now)
        if any(mine != typed(theirs) for theirs in one.values()):
            return asked, now, one, mine
    return None


@pytest.mark.parametrize("rule", RUNS)
def test_segments_and_computed_traits_are_those_of_the_stream(rule):
    seed = seed_of_run()
    made = by_the_stream(rule, seed, RUNS[rule])
    found = [one for asked, told in made if (one := difference(asked, told))]
    members = sum(bool(one["stream"][0]) for _, told in made for one in told)
    said = sum(any(value for value in one["stream"][1].values()) for _, told in made for one in told)
    asked = sum(len(told) for _, told in made)
    print(f"{len(made)} lives, {asked} questions, {members} with segments, {said} with traits, seed {seed}")
    assert (found[:1], len(found)) == ([], 0), f"seed {seed}"
    assert min(members, asked - members, said) > asked / 10, f"seed {seed}: hardly anything was asked"
