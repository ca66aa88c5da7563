"""People as the twins tell them: facts, and rows of events."""

from cdp.segments.person import Account, Happened, Person

NOTHING = dict.fromkeys(
    (
        *("type", "event", "name", "source_id", "message_id", "user_id", "anonymous_id", "group_id", "previous_id"),
        *("properties", "traits", "context"),
    )
)


def person(facts: dict, rows: list[dict], profile_id: str = "p") -> Person:
    return Person(
        profile_id,
        facts["since"],
        max([0, *(row["at"] for row in rows)]),
        facts.get("traits", {}),
        facts.get("granted", {}),
        frozenset(facts.get("identifiers", ())),
        tuple(map(Account, facts.get("accounts", ()))),
        tuple(Happened(row["at"], NOTHING | row) for row in rows),
    )
