"""A word without the endings of number and gender, the same way in English, Spanish, Portuguese and French.

Names of terms stand side by side in four languages, so one light stem serves all of them. It takes off less than the
usual stemmers do, because those make one word of "burn" and "burning", which are two terms here.
"""

from __future__ import annotations

from functools import lru_cache

SHORTEST = 3
"""Words up to this length stay as they are."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one folded word; the stem of a stem is itself or shorter, never empty."""
    if len(word) <= SHORTEST:
        return word
    if word.endswith("oes") and len(word) > 5:
        word = word[:-3] + "ao"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    while word.endswith("e") and len(word) > 4:
        word = word[:-1]
    if len(word) > 4 and word[-1] in "ao" and not word.endswith("ao"):
        word = word[:-1]
    for superlative in ("issim", "isim"):
        if word.endswith(superlative) and len(word) > len(superlative) + SHORTEST:
            return word[: -len(superlative)]
    if word.endswith("y"):
        return word[:-1] + "i"
    return word[:-1] + "c" if word.endswith("z") else word
