"""Applies declared rules to columns, in as few passes over the rows as the rules' order allows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyspark.sql import Column as Expression
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

Expressions = Mapping[str, Expression | str]
"""Expressions by the name of their column; a text is Spark SQL."""


@dataclass(frozen=True)
class Step:
    """Makes the columns `made`, all at once, from the columns that it `reads`.

    What `made` needs more than once is computed first, under names of the step's own: `found`.
    """

    reads: tuple[str, ...]
    made: Expressions
    found: Expressions = field(default_factory=dict)


def take(rows: DataFrame, steps: Iterable[Step]) -> DataFrame:
    """The rows after the steps; each step sees what the steps before it made."""
    for together in passes(steps):
        found = joined(step.found for step in together)
        rows = (
            (rows.withColumns(found) if found else rows)
            .withColumns(joined(step.made for step in together))
            .drop(*found)
        )
    return rows


def passes(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Groups steps, in their order: a group has neighbours that use nothing that another of the group makes.

    Spark ignores case in names, so this does, too.
    """
    together: list[Step] = []
    made: set[str] = set()
    for step in steps:
        if together and made & {name.lower() for name in (*step.reads, *step.made)}:
            yield together
            together, made = [], set()
        together.append(step)
        made |= {name.lower() for name in step.made}
    if together:
        yield together


def joined(parts: Iterable[Expressions]) -> dict[str, Expression]:
    return {name: F.expr(value) if isinstance(value, str) else value for part in parts for name, value in part.items()}
