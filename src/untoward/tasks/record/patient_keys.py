"""Keys of patients: short, said over the phone without mistakes, and telling nothing of who they are.

Six letters drawn at random and a check letter, from 23 signs of which no two look or sound alike. As 23 is prime, the check
letter finds every wrong letter and every two that changed places.
"""

from __future__ import annotations

import secrets

SIGNS = "2346789CDFHJKMNPQRTVWXY"
LENGTH = 6
_FIRST_PART = 3


def drawn_key() -> str:
    """A key drawn at random, as in "HKM-47QX"."""
    return _written("".join(secrets.choice(SIGNS) for _ in range(LENGTH)))


def read_key(text: str) -> str | None:
    """The key that somebody typed, whatever its case, spaces and hyphens; None when it cannot be a key."""
    typed = "".join(sign for sign in text.upper() if sign not in " -–\t")
    if len(typed) != LENGTH + 1 or not set(typed) <= set(SIGNS):
        return None
    key = _written(typed[:LENGTH])
    return key if key.endswith(typed[-1]) else None


def _written(signs: str) -> str:
    return f"{signs[:_FIRST_PART]}-{signs[_FIRST_PART:]}{_check_sign(signs)}"


def _check_sign(signs: str) -> str:
    """The sign that makes the weighted sum of all places a multiple of 23; every place weighs differently."""
    total = sum((place + 2) * SIGNS.index(sign) for place, sign in enumerate(signs))
    return SIGNS[-total % len(SIGNS)]
