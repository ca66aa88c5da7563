"""Reads phone numbers as the stream does (`lambdas/core/identifiers/phone.ts`).

Both ask their library only about international digits, with the same metadata; all else is decided here.
"""

import re

import phonenumbers

from cdp.values.text import SPACE, units, visible

METADATA = phonenumbers.__version__
"""Which numbers there are differs from one version of the library to the next."""
DIGITS = {ord(zero) + n: str(n) for zero in "\uff10\u0660\u06f0" for n in range(10)}
"""Wide, Arabic-Indic and Persian digits."""
PUNCTUATION = re.compile(f"[{SPACE}().[\\]/\uff08\uff09\uff0e\uff0f\uff3b\uff3d\u2010-\u2015\u2212\uff0d\u30fc-]")
NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")


def normalize_phone(text: str, country: str | None) -> str | None:
    """E.164, e.g. `+12015550123`; None unless the whole text is a valid number. Extensions are refused."""
    if units(text) > 40:
        return None
    bare = re.sub("^[tT][eE][lL]:", "", visible(text)).translate(DIGITS)
    digits = re.sub("^\uff0b", "+", PUNCTUATION.sub("", bare))
    if re.fullmatch(r"\+[0-9]{2,20}", digits):
        return international(digits[1:])
    return (
        national(digits, country)
        if re.fullmatch("[0-9]{2,20}", digits) and country in phonenumbers.SUPPORTED_REGIONS
        else None
    )


def national(digits: str, country: str) -> str | None:
    """Reads digits as people dial them: from abroad, at home, or with the country's code but without a plus."""
    numbering = phonenumbers.PhoneMetadata.metadata_for_region(country)
    code = str(numbering.country_code)
    abroad = re.match(numbering.international_prefix, digits)
    dialled = (digits[abroad.end() :] if abroad else "", code + digits, digits if digits.startswith(code) else "")
    return next((number for each in dialled if each and (number := international(each))), None)


def international(digits: str) -> str | None:
    """E.164 of international digits.

    In North America it must have ten: the libraries disagree on Canada's few of seven.
    """
    try:
        phone = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)
    return (
        number
        if phonenumbers.is_valid_number(phone) and (phone.country_code != 1 or NORTH_AMERICAN.fullmatch(number))
        else None
    )
