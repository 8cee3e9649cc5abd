"""Keys that stand for people without telling who they are: always the same for one person at one site, and no way back.

A pseudonym is a keyed hash: without the site's secret nobody can work it out from a known key, however many they try.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

_DIGITS = 10
_BAND_YEARS = 5


def pseudonym(kind: str, key: str, secret: str) -> str:
    """As in "P-3fa91c04d2": the kind of thing, and ten hexadecimal digits."""
    digest = hmac.new(secret.encode(), f"untoward pseudonym {kind} {key}".encode(), sha256).hexdigest()
    return f"{kind}-{digest[:_DIGITS]}"


def age_band(age: float | None) -> str | None:
    """As in "35-39"; null where the age is not known. The oldest share one band, for they are few."""
    if age is None:
        return None
    low = int(age) // _BAND_YEARS * _BAND_YEARS
    return "90 or more" if low >= 90 else f"{low}-{low + _BAND_YEARS - 1}"
