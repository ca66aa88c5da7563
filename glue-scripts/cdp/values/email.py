"""Reads e-mail addresses in one form, as the stream does (`lambdas/core/identifiers/email.ts`)."""

import re

from cdp.values.text import SPACE, folded, units, visible

FOREIGN = re.compile(f'[{SPACE}\\0-\\x1f\\x7f-\\x9f"(),:;<>@[\\\\\\]]')
DOMAIN = re.compile(r"(?!.{254})(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,62}(?<!-)")


def normalize_email(text: str) -> str | None:
    """The address composed, in lower case, without invisible signs, its domain as in the DNS (`xn--…`).

    None if it is not one.
    """
    if units(text) > 2000:
        return None
    local, *rest = visible(text).split("@")
    if len(rest) != 1 or not local or FOREIGN.search(local):
        return None
    host = ".".join(map(ascii_label, re.split("[.\u3002]", folded(rest[0], "NFKC"))))
    if not DOMAIN.fullmatch(host):
        return None
    # Greek has two letters for one sound at the end of a word; they tell nobody apart.
    email = folded(local, "NFC").replace("\u03c2", "\u03c3") + f"@{host}"
    return email if len(email) <= 320 else None


def ascii_label(label: str) -> str:
    if label.isascii() or units(label) > 63 or re.search(f"[{SPACE}\\0-\\x1f\\x7f-\\x9f]", label):
        return label
    return f"xn--{label.encode('punycode').decode('ascii')}"
