"""Random people and their accounts: what stitch and tend make of them, what an oracle says, and what the lake does."""

from collections.abc import Iterable

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.identity.identifiers import account_in
from cdp.segments.definitions import Definitions
from cdp.segments.person import Account, Happened, Person
from cdp.values.exact_json import read_json
from laws import seed_of_run
from stream_answers import by_the_stream

RUNS = 250


def once(rows: Iterable[dict]) -> list[dict]:
    return [*{row["message_id"]: row for row in rows}.values()]


def told_traits(rows: list[dict]) -> dict:
    """The last word on each trait, as `cdp/profiles` has it: by time, then by message."""
    said: dict = {}
    for row in sorted(rows, key=lambda row: (row["at"], row["message_id"])):
        if row["type"] == "group":
            said |= read_json(row["traits"] or "{}")
    return said


def known(name: str, rows: list[dict], **facts: object) -> Person:
    times = [row["at"] for row in rows]
    return Person(name, min(times), max(times), **facts, events=tuple(Happened(row["at"], row) for row in rows))


def memberships(asked: dict) -> dict[str, list[str]]:
    """Segments of everybody by the lake: of accounts first, because people ask for them."""
    of_accounts, of_people = (Definitions.of(asked, collection) for collection in (ACCOUNTS, USERS))
    keys = of_accounts.event_keys()
    named: dict[str, list[dict]] = {}
    for row in once(row for rows in asked["people"].values() for row in rows):
        if (account := account_in(row, keys)) is not None:
            named.setdefault(account, []).append(row)
    traits = {name: told_traits(rows) for name, rows in named.items()}
    found = {
        name: of_accounts.about(
            known(name, rows, traits=traits[name], identifiers=frozenset({"group_id"})), asked["now"]
        ).memberships()
        for name, rows in named.items()
    }
    firms = {name: Account(traits[name], frozenset(inside)) for name, inside in found.items()}
    for profile_id, rows in asked["people"].items():
        theirs = {row["group_id"] for row in rows if row["type"] == "group"}
        person = known(profile_id, once(rows), accounts=tuple(firms[name] for name in sorted(theirs)))
        found[profile_id] = of_people.about(person, asked["now"]).memberships()
    return found


def test_segments_of_people_and_accounts_are_those_of_the_stream():
    seed = seed_of_run()
    made = by_the_stream("segmentsOfAccounts", seed, RUNS)
    differing, seen = [], {"members": 0, "asking": 0, "several": 0, "compared": 0}
    for asked, told in made:
        mine = memberships(asked)
        assert mine.keys() == told.keys(), f"seed {seed}"
        differing += [(asked, name, one) for name, one in told.items() if any(mine[name] != it for it in one.values())]
        seen["compared"] += len(mine)
        seen["members"] += sum(map(len, mine.values()))
        seen["asking"] += sum(not {"asks", "asks_too"}.isdisjoint(inside) for inside in mine.values())
        seen["several"] += sum(len({row["group_id"] for row in rows} - {None}) > 1 for rows in asked["people"].values())
    print(f"{len(made)} worlds, {seen}, seed {seed}")
    assert (differing[:1], len(differing)) == ([], 0), f"seed {seed}"
    assert min(seen.values()) > RUNS / 4, f"seed {seed}: hardly anything was asked"
