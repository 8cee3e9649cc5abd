"""From a session file to what its person takes home: the sheet, as data and as PDFs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from untoward.aftercare import LANGUAGES, GivenComponent, GivenSession, Sheet, compose
from untoward.aftercare.readability import Reading, reading_of
from untoward.errors import OutsideError, UsageError
from untoward.evidence.load import load_evidence
from untoward.exchange.session_json import read_session
from untoward.mixture.names import NameReader
from untoward.model.answer import Answer
from untoward.model.names import NameIndex
from untoward.model.people import Patient
from untoward.model.product import Component
from untoward.model.quantity import Quantity
from untoward.model.session import Session
from untoward.model.terms import TermKind, TermList
from untoward.model.time import PartialDate

LONGEST_LINK = 500
"""Letters of a link; a QR code of more could not be scanned from paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHome:
    """A sheet and how hard it is to read."""

    sheet: Sheet
    reading: Reading

    def document(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {**self.sheet.document(), "reading": asdict(self.reading)}

    def passport(self, *, large: bool = False, link: str | None = None) -> bytes:
        """The passport with aftercare, as a tagged PDF."""
        from untoward.report.passport import passport_pdf  # imported here: JSON does not pay for printing

        return passport_pdf(self.sheet, large=large, link=checked_link(link))

    def consent(self, *, large: bool = False) -> bytes:
        """The consent sheet, as a tagged PDF."""
        from untoward.report.passport import consent_pdf

        return consent_pdf(self.sheet, large=large)


def take_home(
    text: str,
    *,
    file: str = "-",
    language: str = "en",
    country: str | None = None,
    emergency: str | None = None,
) -> TakeHome:
    """Compose the sheet of a session given as JSON.

    `country` replaces that of the session. Raises InputError with every fault of the session, and UsageError for a
    language or country that cannot be.
    """
    if language not in LANGUAGES:
        raise UsageError(f"--lang: got {language!r}, expected one of {', '.join(LANGUAGES)}.")
    document = dict(read_session(text, file=file))
    if country is not None:
        document["country"] = _checked_country(country)
    base = load_evidence()
    given = given_session(document, base.compound_names)
    person = given_person(document.get("patient") or {}, base.terms)
    sheet = compose(base, given, person, language=language, emergency=emergency)
    return TakeHome(sheet=sheet, reading=reading_of(_read_lines(sheet), language))


def given_session(document: Mapping[str, Any], names: NameIndex) -> GivenSession:
    """A session document without faults as the values that a sheet is composed from."""
    parts = tuple(_component(item, names) for item in document.get("components") or ())
    return GivenSession(
        session=Session(
            key=None if document.get("id") is None else str(document["id"]),
            date=_date(document.get("date")),
            clinic=document.get("clinic"),
            practitioner=document.get("practitioner"),
            technique=document.get("technique"),
            route=document.get("route"),
            sites=tuple(document.get("sites") or ()),
            setting=document.get("setting"),
            licensed=Answer.of(document.get("licensed")),
            components=tuple(part.component for part in parts),
        ),
        components=parts,
        clinic_phone=document.get("clinic_phone"),
        country=document.get("country"),
    )


def given_person(item: Mapping[str, Any], terms: TermList) -> Patient:
    """A person document as a value; what of history and medicines is known stands in its context."""
    history, allergies, medicines = (tuple(item.get(k) or ()) for k in ("history", "allergies", "medicines"))
    known = (terms.resolve(name) for name in (*history, *medicines))
    return Patient(
        age_years=item.get("age"),
        sex=item.get("sex"),
        weight=None if item.get("weight_kg") is None else Quantity(item["weight_kg"], "kg"),
        pregnant=Answer.of(item.get("pregnant")),
        history=history,
        allergies=allergies,
        medicines=medicines,
        context=frozenset(term.id for term in known if term is not None and term.kind is TermKind.CONTEXT),
    )


def checked_link(link: str | None) -> str | None:
    """The link itself. Raises UsageError when it is no web address or too long for a QR code."""
    if link is None:
        return None
    is_web = (
        link.startswith(("https://", "http://")) and link.isascii() and link.isprintable() and " " not in link
    )
    if not is_web or len(link) > LONGEST_LINK:
        raise UsageError(
            f"--link: got {link[:60]!r}, expected a web address (https://…) of at most {LONGEST_LINK} letters."
        )
    return link


def write_files(contents: Iterable[tuple[Path, bytes]]) -> None:
    """Write every file, each whole or not at all. Raises OutsideError when one cannot be written."""
    for path, content in contents:
        try:
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".unfinished-", delete=False) as file:
                file.write(content)
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError as error:
            raise OutsideError(f"{path} could not be written: {error.strerror or error}.") from error


def _component(item: Mapping[str, Any], names: NameIndex) -> GivenComponent:
    amount, unit, volume = item.get("amount"), item.get("unit"), item.get("volume_ml")
    return GivenComponent(
        component=Component(
            as_named=item["compound"],
            compound=_compound_of(item["compound"], names),
            amount=None if amount is None or unit is None else Quantity.of(amount, unit),
            volume=None if volume is None else Quantity(volume, "ml"),
            lot=item.get("lot"),
            vial=item.get("vial"),
            mix=item.get("mix"),
        ),
        product=item.get("product"),
        expiry=_date(item.get("expiry")),
        sites=tuple(item.get("sites") or ()),
    )


def _compound_of(name: str, names: NameIndex) -> str | None:
    """The one compound that a name means, strengths and close spellings read; None when it means none or several."""
    read = NameReader(names).read(name)
    return read[0].compound if len(read) == 1 else None


def _date(text: str | None) -> PartialDate | None:
    return None if text is None else PartialDate.parse(text)


def _checked_country(country: str) -> str:
    code = country.strip().upper()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise UsageError(f"--country: got {country[:20]!r}, expected two letters such as FR.")
    return code


def _read_lines(sheet: Sheet) -> list[str]:
    """What a person reads on the first page, without the lines made of names alone."""
    said = (*sheet.usual.notes, *sheet.advice, *sheet.unshown, *sheet.help.emergency, *sheet.help.same_day)
    rows = [row.statement.text for row in sheet.usual.rows]
    return [*rows, *(s.text for s in (*said, *sheet.help.late, sheet.help.always))]
