"""Texts that are longer than the record keeps."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from untoward.errors import Fault


def too_long(field: str, text: str, most: int) -> Iterator[Fault]:
    """The fault of a text with more than `most` letters; nothing for one that fits."""
    if len(text) > most:
        yield Fault(
            what=gettext("is too long"),
            field=field,
            got=gettext("%(n)s letters") % {"n": len(text)},
            expected=gettext("%(most)s at most") % {"most": most},
        )
