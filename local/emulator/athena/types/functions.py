"""What Trino's functions take and give."""

from functools import cache

from emulator.athena.grammar.function_list import functions
from emulator.athena.types.form_match import Form, bind
from emulator.athena.types.trino_types import Type, as_decimal, decimal, takes
from emulator.athena.types.type_reading import read_type, split

_ROUNDING = ("round", "ceil", "ceiling", "floor", "truncate")


@cache
def forms(name: str) -> tuple[Form, ...]:
    """Every form of a function, none for one that is not in the list."""
    return tuple(_form(text) for text in functions().get(name.lower(), ()))


def _form(text: str) -> Form:
    end = next(at for at in range(len(text)) if text[: at + 1].count("(") == text[: at + 1].count(")"))
    inside, gives = text[1:end], text[end + 1 :]
    many = inside.endswith("...")
    return Form(tuple(read_type(part) for part in split(inside.removesuffix("..."))), read_type(gives), many)


def expected(name: str) -> str:
    """The forms as an error tells them."""
    return ", ".join(f"{name.lower()}{form.rpartition(') ')[0]})" for form in functions().get(name.lower(), ()))


def result(name: str, given: list[Type | None]) -> Type | None:
    """The type that a function gives; None where that cannot be told. @raises LookupError when no form fits"""
    if (
        name == "mod"
        and len(given) == 2
        and all(given)
        and "decimal" in {kind.name for kind in given}
        and all(map(as_decimal, given))
    ):
        (p, s), (q, t) = (as_decimal(kind).parts for kind in given)
        return decimal(min(p - s, q - t) + max(s, t), max(s, t))
    if given and given[0] and given[0].name == "decimal" and name in _ROUNDING:
        return _rounded(name, given)
    fitting = [bound for form in forms(name) if (bound := bind(form, given)) is not None]
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
            return (
                decimal(precision + (name == "round"), scale)
                if given[1] is None or takes(Type("integer"), given[1])
                else None
            )
        case (("round" | "ceil" | "ceiling" | "floor"), 1):
            return decimal(precision - scale + min(scale, 1), 0)
        case "truncate", 1:
            return decimal(max(precision - scale, 1), 0)
    return first if len(given) == 1 else None
