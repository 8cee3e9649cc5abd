"""The shape of credential numbers. A right shape says that a number was typed well, not that somebody holds it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

KINDS: Mapping[str, str] = {
    "npi": _("NPI (United States)"),
    "gmc": _("GMC (United Kingdom)"),
    "licence": _("Licence"),
    "certificate": _("Certificate of training"),
    "delegation": _("Delegation by a physician"),
    "insurance": _("Insurance"),
}
"""Kinds of credentials, with their names."""

NPI_PREFIX = "80840"
"""What stands before an NPI when its check digit is worked out (health applications, United States)."""


def shape_fault(kind: str, number: str) -> str:
    """What is wrong with the shape of a number of this kind; empty when nothing is, or when the kind has no fixed shape."""
    digits = number.replace(" ", "")
    if kind == "npi":
        if len(digits) != 10 or not _plain_digits(digits) or digits[0] not in "12":
            return str(gettext("10 digits, the first a 1 or 2"))
        if npi_check_digit(digits[:9]) != digits[9]:
            return str(gettext("another last digit: one digit is wrong, or two changed places"))
    if kind == "gmc" and (len(digits) != 7 or not _plain_digits(digits)):
        return str(gettext("7 digits"))
    return ""


def npi_check_digit(first_nine: str) -> str:
    """The tenth digit of an NPI: Luhn's over 80840 and the first nine."""
    total = 0
    for place, sign in enumerate(reversed(NPI_PREFIX + first_nine)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _plain_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
