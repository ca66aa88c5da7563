"""One run of the job `identities`: places whom something new reaches, or everybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from pyspark.sql import DataFrame, SparkSession

from cdp.barriers.asked import Barriers
from cdp.barriers.sighted import let_pass
from cdp.erasing.dropped_people import Dropped, remember_dropped
from cdp.erasing.erased_ids import erased_ids, without_erased
from cdp.identity.identity_log import named_by_log
from cdp.identity.sightings import named_events
from cdp.placing.placed import Changes, Placed
from cdp.placing.reached import Reached, Tables, reached
from cdp.placing.rows_of_people import (
    Known,
    about,
    entries_about,
    known_ids,
    made_of,
    owned_about,
    rows_about,
    stored_about,
)
from cdp.tables.pinned import pin
from cdp.tables.replace_rows import replace_rows, replace_within
from cdp.tables.schema import Table, read_table

MADE = tuple(read_table(name) for name in ("identity_map", "event_profiles", "identity_components"))
"""Tables that show who is whom."""


class Run(NamedTuple):
    """Where a run works, by which rules, whom barriers stop, and the tables as they were when it began."""

    spark: SparkSession
    database: str
    rules: dict
    barriers: Barriers
    tables: Tables


class Done(NamedTuple):
    """Rows of each table that changed, events among those placed that barriers stopped, and why everybody was placed.

    Without a reason only those were whom something new reaches.
    """

    changed: dict[str, int]
    suppressed: int = 0
    full: str | None = None

    @property
    def told(self) -> dict:
        rest = {"suppressed": self.suppressed, "full": self.full}
        return {"rows_changed": self.changed} | {name: value for name, value in rest.items() if value}


NOTHING = Done({table.name: 0 for table in MADE})


def look(spark: SparkSession, database: str, by: str) -> tuple[Tables, Placed]:
    """The tables as they are now, and what to remember of them. What comes after that is new to the next run."""
    tables = Tables(*(pin(spark, f"lake.{database}.{name}") for name in Tables._fields))
    changes = {name: table.change for name, table in tables._asdict().items()}
    made = {table.name: changes.pop(table.name) for table in MADE}
    return tables, Placed(by, changes, made)


def left_by(tables: Tables) -> Changes:
    """The last change of each table that this run made. What another one changed meanwhile is not taken for its own."""
    return {table.name: getattr(tables, table.name).last_change_of_ours() for table in MADE}


def place(run: Run, now: Placed, last: Placed | None, is_full: bool) -> Done:
    """Places whom something new reaches, where the last run tells who that is, and otherwise everybody."""
    why = "a full run was asked for" if is_full else now.why_everybody(last)
    whom = why or reached(run.tables, last)
    return place_all(run, whom) if isinstance(whom, str) else place_some(run, whom)


def place_all(run: Run, why: str) -> Done:
    """Places every event that barriers let pass, and first remembers who is erased."""
    log = run.tables.identity_log.rows()
    with ThreadPoolExecutor() as side_by_side:
        reading = (
            side_by_side.submit(named_events, run.tables.sightings.rows()),
            side_by_side.submit(named_by_log(log).localCheckpoint),
        )
    every, named = (one.result() for one in reading)
    passed, suppressed = let_pass(every, run.barriers)
    if run.barriers.newest_erasure is not None:
        dropped = Dropped(run.tables.event_profiles.rows(), every, passed, named)
        remember_dropped(run.spark, run.database, dropped, run.barriers)
    rows = made_of(passed, run.rules, known(run, run.tables.identity_map.rows(), log, named))
    changed = write(run, lambda name, table: replace_rows(run.spark, name, table, rows[table.name]))
    return Done(changed, suppressed, why)


def place_some(run: Run, whom: Reached) -> Done:
    """Places the events of these people, as a full run would, and leaves all others as they are."""
    passed, suppressed = let_pass(named_events(rows_about(run.tables, whom), whom.released), run.barriers)
    seen, log = about(passed, whom), entries_about(run.tables, whom).localCheckpoint()
    owned = owned_about(run.tables, whom)
    rows = made_of(seen, run.rules, known(run, owned, log, named_by_log(log).localCheckpoint()))
    stored = stored_about(run.tables, whom, owned, seen)
    changed = write(
        run, lambda name, table: replace_within(run.spark, name, table, rows[table.name], stored[table.name])
    )
    return Done(changed, suppressed)


def known(run: Run, owned: DataFrame, log: DataFrame, named: DataFrame) -> Known:
    """What is known of identifiers: `owned` by rows of `identity_map`. No profile id of anybody who was erased."""
    ids = known_ids(owned, named)
    if run.barriers.newest_erasure is not None:
        ids = without_erased(ids, erased_ids(run.spark, run.database), ("profile_id",))
    return Known(log, named, ids)


def write(run: Run, replace: Callable[[str, Table], int]) -> dict[str, int]:
    """Gives how many rows of each table were added, changed or removed."""
    with ThreadPoolExecutor() as side_by_side:
        changed = side_by_side.map(lambda table: replace(f"lake.{run.database}.{table.name}", table), MADE)
        return {table.name: count for table, count in zip(MADE, changed, strict=True)}
