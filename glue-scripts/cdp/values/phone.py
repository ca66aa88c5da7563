"""Phone numbers as the stream reads them (`lambdas/core/identifiers/phone.ts`): both read only international digits with the same metadata, all else is decided here."""

import re

import phonenumbers

from cdp.values.text import SPACE, units, visible

DIGITS = {ord(zero) + n: str(n) for zero in "\uff10\u0660\u06f0" for n in range(10)}
"""Wide, Arabic-Indic and Persian ones."""
PUNCTUATION = re.compile(f"[{SPACE}().[\\]/\uff08\uff09\uff0e\uff0f\uff3b\uff3d\u2010-\u2015\u2212\uff0d\u30fc-]")
NORTH_AMERICAN = re.compile(r"\+1[0-9]{10}")


def normalize_phone(text: str, country: str | None) -> str | None:
    """E.164, e.g. `+12015550123`; None when no valid number can be read from the whole of the text. An extension is nobody's own number."""
    if units(text) > 40:
        return None
    bare = re.sub("^[tT][eE][lL]:", "", visible(text)).translate(DIGITS)
    digits = re.sub("^\uff0b", "+", PUNCTUATION.sub("", bare))
    if re.fullmatch(r"\+[0-9]{2,20}", digits):
        return international(digits[1:])
    return national(digits, country) if re.fullmatch("[0-9]{2,20}", digits) and country in phonenumbers.SUPPORTED_REGIONS else None


def national(digits: str, country: str) -> str | None:
    """As people dial it: abroad, at home, or with the country's code and no plus."""
    numbering = phonenumbers.PhoneMetadata.metadata_for_region(country)
    code = str(numbering.country_code)
    abroad = re.match(numbering.international_prefix, digits)
    dialled = (digits[abroad.end() :] if abroad else "", code + digits, digits if digits.startswith(code) else "")
    return next((number for each in dialled if each and (number := international(each))), None)


def international(digits: str) -> str | None:
    """In North America a number has ten digits; the libraries do not agree about the few of Canada that have seven."""
    try:
        phone = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(phone, phonenumbers.PhoneNumberFormat.E164)
    return number if phonenumbers.is_valid_number(phone) and (phone.country_code != 1 or NORTH_AMERICAN.fullmatch(number)) else None
