"""What was given in one session, as it was recorded. None means that it was not recorded, never that there was none."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from untoward.model.product import Component
from untoward.model.session import Session
from untoward.model.time import PartialDate

LONGEST_SHOWN = 60
"""Letters of a recorded text that are printed; a name or a lot is shorter, and a page has its width."""

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenComponent:
    """One component with what the pack and the record say of it beyond the component itself."""

    component: Component
    product: str | None = None
    expiry: PartialDate | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSession:
    """A session with its components, and whom to call about it. `country` is an ISO 3166 code of two letters."""

    session: Session
    components: tuple[GivenComponent, ...] = ()
    clinic_phone: str | None = None
    country: str | None = None

    def sites(self) -> tuple[str, ...]:
        """Every place that is recorded, of the session and of its components, each once."""
        named = [*self.session.sites, *(site for part in self.components for site in part.sites)]
        return tuple(dict.fromkeys(named))


def cleaned(given: GivenSession) -> GivenSession:
    """The same session with every recorded text fit for print: one line, no hidden characters, not overlong."""
    session = given.session
    tidy = replace(
        session,
        clinic=printable(session.clinic),
        practitioner=printable(session.practitioner),
        sites=printable_all(session.sites),
    )
    return replace(
        given,
        session=tidy,
        components=tuple(_cleaned_component(part) for part in given.components),
        clinic_phone=printable(given.clinic_phone),
    )


def printable(text: str | None) -> str | None:
    """One line of letters that can be seen, at most `LONGEST_SHOWN`; None when nothing of it can be seen.

    Control and format characters go, those that turn the direction of writing too: a lot number must read as it is.
    """
    if text is None:
        return None
    seen = (" " if letter.isspace() else letter for letter in text[: 20 * LONGEST_SHOWN])
    line = " ".join("".join(x for x in seen if unicodedata.category(x) not in _UNPRINTABLE).split())
    if len(line) > LONGEST_SHOWN:
        line = line[: LONGEST_SHOWN - 1].rstrip() + "…"
    return line or None


def printable_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Every text of these of which something can be seen, fit for print."""
    return tuple(line for text in texts if (line := printable(text)) is not None)


def _cleaned_component(part: GivenComponent) -> GivenComponent:
    inner = part.component
    return replace(
        part,
        component=replace(
            inner,
            as_named=printable(inner.as_named) or "?",
            lot=printable(inner.lot),
            vial=printable(inner.vial),
            mix=printable(inner.mix),
        ),
        product=printable(part.product),
        sites=printable_all(part.sites),
    )
