"""Normal forms of identifiers, and values that never link anyone, by the rules of the stream (`lambdas/core/identifier.ts` and `blocked.ts`)."""

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

SPACE = r"\t-\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF"
"""What JavaScript takes for white space, within brackets of a regular expression."""
EMAIL = rf'^[^{SPACE}@"<>]+@[^{SPACE}@"<>]+\.[^{SPACE}@"<>.]+\z'
QUOTED = r"""^(["'])([^\n\r\u2028\u2029]*)\1\z"""


def trimmed(value: Expression) -> Expression:
    return F.regexp_replace(value, rf"^[{SPACE}]+|[{SPACE}]+\z", "")


def normal_text(value: Expression) -> Expression:
    text = trimmed(value)
    return F.when((text != "") & (characters(text) <= 500), text)


def normal_email(value: Expression) -> Expression:
    email = F.lower(trimmed(value))
    return F.when(email.rlike(EMAIL) & (characters(email) <= 320), email)


def characters(text: Expression) -> Expression:
    """Length as JavaScript counts it, in UTF-16."""
    return F.length(F.encode(text, "UTF-16BE")) / 2


def is_blocked(type_: Expression, value: Expression, rules: dict) -> Expression:
    """Whether a value never links anyone; case and surrounding quotes do not matter."""
    text = bare_form(value)
    blocked = text.rlike(r"^[0-]*\z") | text.isin(*map(bare, rules["blockedValues"]))
    for own, told in rules["blocked"].items():
        patterns = [value.rlike(pattern) for pattern in told["patterns"]]
        tests = [text.isin(*map(bare, told["values"])), *patterns]
        for test in tests:
            blocked = blocked | ((type_ == own) & test)
    return blocked


def bare_form(value: Expression) -> Expression:
    return F.lower(trimmed(F.regexp_replace(trimmed(value), QUOTED, "$2")))


def bare(value: str) -> str:
    text = value.strip()
    unquoted = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    return unquoted.strip().lower()
