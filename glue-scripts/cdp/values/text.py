"""Reads texts as the stream does (`lambdas/core/values/text.ts`): white space, invisible signs, equal letters."""

import re
import unicodedata

SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""White space as in ECMAScript.

Python's lacks the byte order mark and has some control signs; Spark's is only the space.
"""
SETTLED = re.compile("[\\0-\u085f\u0900-\u0e7f\u0f00-\u1a1f\u1e00-\ua4cf\uac00-\ud7a3\uf900-\uffef]+")
"""Letters and marks whose case and order no version of Unicode since 13 has changed."""
UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def lowered(text: str) -> str:
    """Lower case, letter by letter; letters newer than Unicode 13 stay as they are."""
    return text.lower() if text.isascii() else SETTLED.sub(lambda run: lower_each(run[0]), text)


def folded(text: str, form: str) -> str:
    """One form of equal texts: lower case, composed. `NFKC` also replaces wide and joined letters by plain ones."""
    return text.lower() if text.isascii() else SETTLED.sub(lambda run: fold_run(run[0], form), text)


def fold_run(run: str, form: str) -> str:
    return unicodedata.normalize(form, lower_each(unicodedata.normalize(form, lower_each(run))))


def lower_each(text: str) -> str:
    return "".join(letter.lower() for letter in text)


def visible(text: str) -> str:
    """The text without invisible signs and without the space around it."""
    return UNSEEN.sub("", text).strip(SPACE)


def is_blank(value: object) -> bool:
    """Whether a value is a text of white space alone, which counts as no value."""
    return isinstance(value, str) and not value.strip(SPACE)


def units(text: str) -> int:
    """The length of a text as the stream counts it: a sign beyond U+FFFF counts twice."""
    return len(text) + sum(letter > "\uffff" for letter in text)
