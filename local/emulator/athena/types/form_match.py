"""Whether a form of a function takes what it is given, and what it gives then."""

import re
from dataclasses import dataclass

from emulator.athena.types.trino_types import UNKNOWN, Type, common, decimal, takes

_FREE = re.compile(r"[a-zA-Z]|[A-Z]\d|[a-z]_\w+|r[ps]")
_LITERAL_TYPES = ("jsonpath", "json2016", "joniregexp", "re2jregexp", "codepoints", "color", "likepattern")


@dataclass(frozen=True)
class Form:
    """One form of a function."""

    takes: tuple[Type, ...]
    gives: Type
    many: bool


def bind(form: Form, given: list[Type | None]) -> tuple[int, Type | None] | None:
    """How many changes of types a form takes, and what it gives; None where it does not take them."""
    wanted = form.takes
    if form.many and len(given) >= max(len(wanted) - 1, 1):
        wanted = (*wanted[:-1], *[wanted[-1]] * (len(given) - len(wanted) + 1))
    if len(wanted) != len(given):
        return None
    bound: dict[str, Type | int] = {}
    changes = 0
    for want, have in zip(wanted, given, strict=True):
        if have is None:
            continue
        cost = _match(want, have, bound)
        if cost is None:
            return None
        changes += cost
    return changes, _filled(form.gives, bound)


def _match(want: Type, have: Type, bound: dict) -> int | None:
    """How many steps lead from one type to another, noting what stands for what; None when none do."""
    if not want.parts and _FREE.fullmatch(want.name):
        before = bound.get(want.name)
        joint = have if before is None else common(before, have)
        if joint is None:
            return None
        bound[want.name] = joint
        return 0
    if "function" in (want.name, have.name):
        return 0 if want.name == have.name else None
    if have == UNKNOWN:
        return 0
    if want.name in _LITERAL_TYPES:
        return 0 if have.name in ("varchar", "char") else None
    if (
        want.name == have.name
        and want.parts
        and (len(want.parts) == len(have.parts) or want.name.startswith("timestamp"))
    ):
        return _match_parts(want, have, bound)
    if want.name == have.name:
        return 0
    shown = Type(want.name, (38, 0) if want.name == "decimal" else ())
    if not takes(shown, have) and not (
        want.name in ("timestamp", "timestamp with time zone")
        and have.name in ("date", "timestamp")
        and have.name != want.name
    ):
        return None
    if want.name == "decimal":
        joint = common(decimal(1, 0), have)
        bound.update(zip((part.name for part in want.parts if isinstance(part, Type)), joint.parts, strict=False))
    elif want.name.startswith("timestamp"):
        bound["p"] = have.parts[0] if have.parts else 0
    order = ("smallint", "integer", "bigint", "decimal", "real", "double")
    return 1 + order.index(want.name) if want.name in order else 2


def _match_parts(want: Type, have: Type, bound: dict) -> int | None:
    steps = 0
    for mine, theirs in zip(want.parts, have.parts, strict=False):
        if isinstance(theirs, int):
            if isinstance(mine, Type):
                bound[mine.name] = max(bound.get(mine.name, 0), theirs)
            continue
        inner = (
            _match(
                mine[1] if isinstance(mine, tuple) else mine, theirs[1] if isinstance(theirs, tuple) else theirs, bound
            )
            if not isinstance(mine, int)
            else 0
        )
        if inner is None:
            return None
        steps += inner
    return steps


def _filled(kind: Type, bound: dict) -> Type | None:
    """A type with what was noted put in; None where something was not."""
    if kind.name in ("varchar", "char") and kind.parts and not isinstance(kind.parts[0], int):
        return Type("varchar")
    if not kind.parts and _FREE.fullmatch(kind.name):
        found = bound.get(kind.name)
        return found if isinstance(found, Type) else None
    parts = tuple(part if isinstance(part, int) else _part(part, bound) for part in kind.parts)
    return None if None in parts else Type(kind.name, parts)


def _part(part: Type, bound: dict) -> Type | int | tuple | None:
    found = bound.get(part.name)
    return found if isinstance(found, int) else _filled(part, bound)
