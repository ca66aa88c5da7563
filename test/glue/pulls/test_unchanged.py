"""Each preset sends each change once, and nothing of rows that did not change, also when its API gives new fields."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from keeping import Kept
from laws import seed_of_run
from pulling import Reader, at_host, preset_sources, with_small_pages
from vendor_answers import VENDORS
from vendor_people import People
from vendor_server import Api, listening

SOURCES = preset_sources()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("preset", [preset for preset in VENDORS if preset != "meta-leads"])
def test_a_preset_sends_each_change_once_and_nothing_else(preset, tmp_path):
    name, answer = VENDORS[preset]
    people = People(random.Random(seed_of_run()))
    for _ in range(10):
        people.now += HOUR
        people.add()
    api = Api(people, answer, trouble=0)
    with listening(api) as place:
        api.host = place
        reader = Reader(with_small_pages(at_host(SOURCES[preset], place, [name])), tmp_path)
        kept = Kept(reader)

        def run() -> list[tuple[str, str, dict]]:
            people.now += HOUR
            (report,) = reader.run(people.now, kept.settle).values()
            assert "failed" not in report, report
            return kept.news()

        assert {key for key, kind, _ in run() if kind == "created"} == people.here().keys()
        assert run() == []
        people.now += 8 * 24 * HOUR
        # Lists of everything and of those who are gone are due, and have no news.
        assert run() == []
        people.keep(replace(people.all[3], email="new@example.com", at=people.now))
        ((key, kind, changed),) = run()
        # Pipedrive's people are named as their address here, so that two fields change.
        assert (key, kind, set(changed.values())) == ("3", "updated", {"new@example.com"})
        people.keep(replace(people.all[4], gone=True, at=people.now))
        people.now += 8 * 24 * HOUR
        assert [(key, kind) for key, kind, _ in run()] == [("4", "deleted")]
        assert run() == []

        api.answer = lambda people, asked: drifted(answer(people, asked))
        people.keep(replace(people.all[5], email="other@example.com", at=people.now))
        people.now += 8 * 24 * HOUR
        news = {key: changed for key, _, changed in run()}
        # The new fields of the others are news, and nothing else of them.
        addresses = {key: {each for each in changed.values() if "@" in str(each)} for key, changed in news.items()}
        assert {key: each for key, each in addresses.items() if each} == {"5": {"other@example.com"}}
        assert run() == []
        assert {key: row for key, row in people.here().items() if row not in str(kept.records[key])} == {}


def test_leads_that_come_again_are_the_same_rows(tmp_path):
    name, answer = VENDORS["meta-leads"]
    people = People(random.Random(seed_of_run()), may_change=False)
    for _ in range(10):
        people.add()
    people.now += HOUR / 6
    with listening(Api(people, answer, trouble=0)) as place:
        reader = Reader(at_host(SOURCES["meta-leads"], place, [name]), tmp_path)
        reader.run(people.now)
        first = reader.lines()
        people.now += HOUR / 12
        reader.run(people.now)
    again = reader.lines()[len(first) :]
    # The lag is read again: the id of a lead's events is made of its row.
    assert again and {str(line["row"]) for _, line in again} <= {str(line["row"]) for _, line in first}
    assert len({line["row"]["id"] for _, line in first}) == 10


NEW = {"deep": [1, {"x": None}]}


def drifted(found: Any) -> Any:
    """An answer whose objects have a field more."""
    if isinstance(found, list):
        return [drifted(each) for each in found]
    if isinstance(found, dict):
        return {name: drifted(each) for name, each in found.items()} | {"new_field": NEW}
    return found
