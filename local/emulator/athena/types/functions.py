"""What Trino's functions take and give, by the list in `functions.txt`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from emulator.athena.types.trino_types import UNKNOWN, Type, as_decimal, common, decimal, read, split, takes

_FREE = re.compile(r"[a-zA-Z]|[A-Z]\d|[a-z]_\w+|r[ps]")
_LITERAL_TYPES = ("jsonpath", "json2016", "joniregexp", "re2jregexp", "codepoints", "color", "likepattern")
_ROUNDING = ("round", "ceil", "ceiling", "floor", "truncate")
# Forms that are no functions of the list, each with what it checks of its own.
SPECIAL = frozenset("coalesce nullif if try format grouping row typeof json_exists version".split())


@dataclass(frozen=True)
class Form:
    """One form of a function."""

    takes: tuple[Type, ...]
    gives: Type
    many: bool


@cache
def _functions() -> dict[str, tuple[str, ...]]:
    lines = Path(__file__).with_name("functions.txt").read_text("utf-8").splitlines()[1:]
    return {name: tuple(forms.split("; ")) for name, forms in (line.split(" ", 1) for line in lines)}


def is_function(name: str) -> bool:
    return name.lower() in SPECIAL or name.lower() in _functions()


@cache
def forms(name: str) -> tuple[Form, ...]:
    """Every form of a function, none for one that is not in the list."""
    return tuple(_form(text) for text in _functions().get(name.lower(), ()))


def _form(text: str) -> Form:
    end = next(at for at in range(len(text)) if text[: at + 1].count("(") == text[: at + 1].count(")"))
    inside, gives = text[1:end], text[end + 1 :]
    many = inside.endswith("...")
    return Form(tuple(read(part) for part in split(inside.removesuffix("..."))), read(gives), many)


def expected(name: str) -> str:
    """The forms as an error tells them."""
    return ", ".join(f"{name.lower()}{form.rpartition(') ')[0]})" for form in _functions().get(name.lower(), ()))


def result(name: str, given: list[Type | None]) -> Type | None:
    """What a function gives for what it is given; None where that cannot be told. @raises LookupError when no form takes it"""
    if name == "mod" and len(given) == 2 and all(given) and "decimal" in {kind.name for kind in given} and all(map(as_decimal, given)):
        (p, s), (q, t) = (as_decimal(kind).parts for kind in given)
        return decimal(min(p - s, q - t) + max(s, t), max(s, t))
    if given and given[0] and given[0].name == "decimal" and name in _ROUNDING:
        return _rounded(name, given)
    fitting = [bound for form in forms(name) if (bound := _bind(form, given)) is not None]
    if not fitting:
        raise LookupError(name)
    best = min(changes for changes, _gives in fitting)
    kinds = {gives for changes, gives in fitting if changes == best}
    if None in given and len({gives for _changes, gives in fitting}) > 1:
        return None
    return next(gives for changes, gives in fitting if changes == best) if None not in kinds else None


def _rounded(name: str, given: list[Type | None]) -> Type | None:
    """Precision and scale of functions whose list gives them by letters."""
    (precision, scale), first = given[0].parts, given[0]
    match name, len(given):
        case "round" | "truncate", 2:
            return decimal(precision + (name == "round"), scale) if given[1] is None or takes(Type("integer"), given[1]) else None
        case ("round" | "ceil" | "ceiling" | "floor"), 1:
            return decimal(precision - scale + min(scale, 1), 0)
        case "truncate", 1:
            return decimal(max(precision - scale, 1), 0)
    return first if len(given) == 1 else None


def _bind(form: Form, given: list[Type | None]) -> tuple[int, Type | None] | None:
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
    if want.name == have.name and want.parts and (len(want.parts) == len(have.parts) or want.name.startswith("timestamp")):
        return _match_parts(want, have, bound)
    if want.name == have.name:
        return 0
    shown = Type(want.name, (38, 0) if want.name == "decimal" else ())
    if not takes(shown, have) and not (want.name in ("timestamp", "timestamp with time zone") and have.name in ("date", "timestamp") and have.name != want.name):
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
        inner = _match(mine[1] if isinstance(mine, tuple) else mine, theirs[1] if isinstance(theirs, tuple) else theirs, bound) if not isinstance(mine, int) else 0
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
