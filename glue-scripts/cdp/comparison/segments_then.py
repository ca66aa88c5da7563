"""The segments of people and accounts as they were when the profile table was exported."""

from pyspark.sql import DataFrame

from cdp.identity.collection import ACCOUNTS, USERS
from cdp.segments.crowded import crowded
from cdp.segments.definitions import Definitions
from cdp.segments.membership import asked
from cdp.segments.person import Person

TOLD = "struct<segments: array<string>, unsure: array<string>>"


def segments_then(profiles: DataFrame, owned: DataFrame, config: dict, times: list[int]) -> DataFrame:
    """Profiles with their segments at the last of the times, and those of which the table may say either: `unsure`.

    These changed between the times, so that the stream may have been about to tell; or they look at more events of a
    window than the stream keeps. Where time moves nobody, profiles stay as they are.
    """
    if not any(Definitions.of(config, of).are_timed() for of in (USERS, ACCOUNTS)):
        return profiles

    def tell(definitions: Definitions, person: Person) -> tuple[list[str], list[str]]:
        answers = [definitions.about(person, time) for time in times]
        members = [{*told.memberships()} for told in answers]
        moved = set.union(*members) - set.intersection(*members)
        return sorted(members[-1]), sorted(moved.union(*map(crowded, answers)))

    return asked(profiles, owned, config, (tell, TOLD, ([], [])))
