"""Where agencies offer their collections of reports for download.

Nobody could open these addresses when they were written down: they were taken from public code and pages that use
them, named beside each. Agencies move files; `--base-url` takes another place with the same file names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from untoward.errors import UsageError

FIRST_FAERS_QUARTER = (2012, 4)
FIRST_AERS_QUARTER = (2004, 1)
FIRST_VAERS_YEAR = 1990
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file to fetch: its name here, the addresses to try in turn, and what to do when none of them gives it.

    With `link`, the address is a page, and the file is behind the first link on it that this pattern fits; the
    pattern is tried on the whole tag of the link.
    """

    name: str
    addresses: tuple[str, ...]
    by_hand: str
    link: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection: its name, what a period of it looks like ("" for none), where it stands, and who says so."""

    name: str
    title: str
    period: str
    base: str
    source: str
    wanted: Callable[[str, str], Wanted]


def wanted(collection: str, period: str | None, base_url: str | None = None) -> Wanted:
    """The file of a collection and period. Raises UsageError when there is no such collection or period."""
    found = COLLECTIONS.get(collection.strip().lower())
    if found is None:
        raise UsageError(f"There is no collection {collection}. Expected one of: {', '.join(COLLECTIONS)}.")
    if found.period and not period:
        raise UsageError(f"{found.name} needs a period, such as: untoward fetch {found.name} {found.period}")
    if not found.period and period:
        raise UsageError(f"{found.name} is one file for all years; leave {period} out.")
    base = found.base if base_url is None else base_url
    if not base.lower().startswith(("https://", "http://")):
        raise UsageError(f"{base} is not a web address. Expected http:// or https://.")
    return found.wanted(base.rstrip("/"), (period or "").strip().lower())


def _faers(base: str, period: str) -> Wanted:
    match = re.fullmatch(r"(\d{4})-?q([1-4])", period)
    quarter = (int(match[1]), int(match[2])) if match else None
    if quarter is None or not FIRST_AERS_QUARTER <= quarter < (LAST_YEAR, 1):
        raise UsageError(f"{period} is not a quarter of FAERS. Expected one from 2004q1 on, such as 2024q1.")
    kind = "faers" if quarter >= FIRST_FAERS_QUARTER else "aers"
    spellings = [f"{kind}_ascii_{quarter[0]}{letter}{quarter[1]}.zip" for letter in "qQ"]
    return Wanted(
        name=spellings[0],
        addresses=tuple(f"{base}/{name}" for name in spellings),
        by_hand="Look for the quarter at https://fis.fda.gov/extensions/FPD-QDE-FAERS/FPD-QDE-FAERS.html",
    )


def _vaers(base: str, period: str) -> Wanted:
    if period in ("nondomestic", "all"):
        name = "NonDomesticVAERSData.zip" if period == "nondomestic" else "AllVAERSDataCSVS.zip"
    elif re.fullmatch(r"\d{4}", period) and FIRST_VAERS_YEAR <= int(period) < LAST_YEAR:
        name = f"{period}VAERSData.zip"
    else:
        raise UsageError(
            f"{period} is not a year of VAERS. Expected a year from 1990 on, nondomestic or all."
        )
    return Wanted(
        name=name,
        addresses=(f"{base}/eSubDownload/index.jsp?fn={name}",),
        by_hand="This agency asks a person to type a code before it gives a file. Open "
        f"https://vaers.hhs.gov/data/datasets.html in a browser and save {name} in the folder",
    )


def _caers(base: str, _period: str) -> Wanted:
    return Wanted(
        name="caers.csv",
        addresses=(f"{base}/food/compliance-enforcement-food/human-foods-complaint-system-hfcs",),
        link=re.compile(r"product[- ]based", re.IGNORECASE),
        by_hand="Look for the product-based file at "
        "https://www.fda.gov/food/compliance-enforcement-food/human-foods-complaint-system-hfcs",
    )


COLLECTIONS: Mapping[str, Collection] = {
    each.name: each
    for each in (
        Collection(
            name="faers",
            title="FAERS, and before 2012 Q4 AERS: drugs, one zip archive for each quarter",
            period="2024q1",
            base="https://fis.fda.gov/content/Exports",
            source="several public loaders on GitHub build these addresses; the Q of some quarters is a capital "
            "letter on the agency's page",
            wanted=_faers,
        ),
        Collection(
            name="vaers",
            title="VAERS: vaccines, one zip archive for each year",
            period="2024",
            base="https://vaers.hhs.gov",
            source="several public loaders on GitHub use these addresses; one of them solves the code that the "
            "page asks for, which this program does not do",
            wanted=_vaers,
        ),
        Collection(
            name="caers",
            title="CAERS, now HFCS: foods, supplements and cosmetics, one CSV file",
            period="",
            base="https://www.fda.gov",
            source="the loader of openFDA (github.com/FDA/openfda, openfda/caers/pipeline.py) follows the link "
            "on this page whose title says product-based data",
            wanted=_caers,
        ),
    )
}
"""Every collection that can be fetched. None of the addresses was opened when this was written."""
