"""
Phone numbers, however an office wrote them, as E.164: one number, one value.

Whoever texts is known by their number alone, and a landline would swallow a prompt in silence: so
what is no UK mobile is told when it is loaded, not when a register is missing.
"""

import re

import phonenumbers

from apbot.loading.checking import Unclear

# Ofcom keeps these for drama. The phone library calls them no numbers; invented towns live on them.
DRAMA_MOBILE = re.compile(r"\+447700900\d{3}")
DRAMA_LANDLINE = re.compile(r"\+441632960\d{3}")

# The Crown dependencies share the United Kingdom's numbers and networks.
UK_REGIONS = frozenset({"GB", "GG", "IM", "JE"})

WRITTEN = re.compile(r"\+?[0-9 ()./-]+", re.A)


def mobile_in(text: str) -> str:
    """Return a UK mobile's E.164 number, however it was written."""
    number, e164 = _uk_number(text)
    if DRAMA_MOBILE.fullmatch(e164):
        return e164
    if DRAMA_LANDLINE.fullmatch(e164):
        raise Unclear("is a landline", "it cannot be texted: give a mobile number")
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.FIXED_LINE:
        raise Unclear("is a landline", "it cannot be texted: give a mobile number")
    if kind != phonenumbers.PhoneNumberType.MOBILE:
        raise Unclear("is no mobile number", "a mobile has 11 figures, as in 07700 900123")
    return e164


def phone_in(text: str) -> str:
    """Return the E.164 number of any UK phone that can be rung."""
    return _uk_number(text)[1]


def _uk_number(text: str) -> tuple[phonenumbers.PhoneNumber, str]:
    if re.search(r"\de\+?\d", text, re.I):
        remedy = "set the column to text in the spreadsheet and type the number again"
        raise Unclear("was changed by a spreadsheet and has lost figures", remedy)
    wrong = Unclear("is no UK phone number", "it has 11 figures, as in 07700 900123")
    if not WRITTEN.fullmatch(text):
        raise wrong
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise wrong from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if DRAMA_MOBILE.fullmatch(e164) or DRAMA_LANDLINE.fullmatch(e164):
        return number, e164
    if not phonenumbers.is_valid_number(number):
        raise wrong
    if phonenumbers.region_code_for_number(number) not in UK_REGIONS:
        raise Unclear("is not a number of the United Kingdom", wrong.remedy)
    return number, e164
