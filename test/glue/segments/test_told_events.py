"""What a history tells of an event is all that definitions read of it."""


import pytest
from cdp.histories.lines import Needs, told_event
from cdp.segments.definitions import Definitions
from cdp.segments.paths import field_at, parts_at
from cdp.segments.person import Happened, Person
from cdp.values.exact_json import read_json, write_json
from laws import seed_of_run
from lives import NOTHING, person
from stream_answers import by_the_stream


def recalled(text: str) -> Happened:
    """An event as whoever reads the line knows it."""
    told = read_json(text)
    objects = {name: write_json(told[name]) for name in ("properties", "traits", "context") if name in told}
    event = Happened(told["at"], NOTHING | {name: told.get(name) for name in ("type", "event", "name")} | objects)
    event.__dict__["mark"] = told["mark"]
    return event


def about(asked: dict, events: list[Happened], now: int) -> tuple:
    someone = person(asked["facts"], asked["events"], asked.get("person", "p"))
    definitions = Definitions(asked["defined"]["segments"], asked["defined"]["traits"])
    told = definitions.about(Person(**{**vars(someone), "events": tuple(events)}), now)
    return told.memberships(), told.traits()


@pytest.mark.parametrize("rule", ["segmentsOfLives", "segmentsOfCalls"])
def test_definitions_say_of_what_is_told_what_they_say_of_all(rule):
    seed = seed_of_run()
    made, members = by_the_stream(rule, seed, 1_000), 0
    for asked, _ in made:
        needs, rows = Needs.of(asked["needs"]), [NOTHING | row for row in asked["events"]]
        events = [Happened(row["at"], row) for row in rows]
        received = [row | {"received_at": row["at"]} for row in rows]
        needed = [row for row in received if needs.events.intersection(Happened(0, row).keys)]
        told = [recalled(told_event(row, needs)) for row in needed]
        for now in asked["nows"]:
            said = about(asked, told, now)
            assert said == about(asked, events, now), f"seed {seed}"
            members += bool(said[0])
    print(f"{len(made)} lives, {members} with segments, seed {seed}")
    assert members > len(made) / 10, f"seed {seed}: hardly anybody is in a segment"


FIELDS = {"a": {"b": [{"c": 1, "d": 2}, 3, {"d": 4}], "e": 5}, "a.x": {"y": 6, "z": 7}, "f": None, "g": "text"}


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ([], {}),
        (["g", "missing", "missing.b", "g.h"], {"g": "text"}),
        (["f"], {"f": None}),
        (["a.b.c"], {"a": {"b": [{"c": 1}, None, {}]}}),
        (["a.b.c", "a.e"], {"a": {"b": [{"c": 1}, None, {}], "e": 5}}),
        (["a.b.c", "a"], {"a": FIELDS["a"]}),
        (["a.x"], {"a.x": FIELDS["a.x"]}),
        (["a.x.y"], {"a": {}}),
    ],
)
def test_of_fields_only_what_is_at_a_name_is_told(names, left):
    found = parts_at(FIELDS, names)
    assert [field_at(found, name) for name in names] == [field_at(FIELDS, name) for name in names]
    assert found == left
