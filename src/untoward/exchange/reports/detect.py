"""Which source some files are of: every reader is asked, by the names of the files and their first lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from untoward.errors import Fault, InputError
from untoward.exchange.reports.aers import looks_like_aers, read_aers
from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.caers import looks_like_caers, read_caers
from untoward.exchange.reports.counts import CountTable, looks_like_counts, read_counts
from untoward.exchange.reports.faers import looks_like_faers, read_faers
from untoward.exchange.reports.maude import looks_like_maude, read_maude
from untoward.exchange.reports.openfda import looks_like_openfda, read_openfda
from untoward.exchange.reports.pairs import looks_like_pairs, read_pairs
from untoward.exchange.reports.vaers import looks_like_vaers, read_vaers
from untoward.model.reports import ReportTables

Reader = Callable[[Sequence[SourceFile], Progress], ReportTables | CountTable]
Look = Callable[[Sequence[str], Sequence[str]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A source untoward can read: its name, what it is, how it is told and how it is read.

    `looks_like` is asked with the names (`SourceFile.base`) and the first lines of all files, in one order.
    """

    name: str
    title: str
    looks_like: Look
    read: Reader


FORMATS = (
    Format(
        name="faers",
        title="FAERS quarters (drugs, United States, from 2012 Q4)",
        looks_like=looks_like_faers,
        read=read_faers,
    ),
    Format(
        name="aers",
        title="AERS quarters (drugs, United States, to 2012 Q3)",
        looks_like=looks_like_aers,
        read=read_aers,
    ),
    Format(
        name="vaers",
        title="VAERS years (vaccines, United States)",
        looks_like=looks_like_vaers,
        read=read_vaers,
    ),
    Format(
        name="caers",
        title="CAERS or HFCS (foods, supplements and cosmetics, United States)",
        looks_like=looks_like_caers,
        read=read_caers,
    ),
    Format(
        name="maude", title="MAUDE (devices, United States)", looks_like=looks_like_maude, read=read_maude
    ),
    Format(
        name="openfda",
        title="openFDA answers and downloads (JSON)",
        looks_like=looks_like_openfda,
        read=read_openfda,
    ),
    Format(
        name="pairs",
        title="a table of report_id, drug, event",
        looks_like=looks_like_pairs,
        read=read_pairs,
    ),
    Format(name="counts", title="a table of drug, event, n", looks_like=looks_like_counts, read=read_counts),
)
"""Every source, in the order in which they are asked."""


def detect(files: Sequence[SourceFile]) -> Format:
    """The one source the files are of. Raises InputError when no reader knows them, or readers of several do."""
    if not files:
        raise _unclear("there is no file in it", FORMATS)
    names = [file.base for file in files]
    lines = [file.first_line() for file in files]
    known = [each for each in FORMATS if each.looks_like(names, lines)]
    if len(known) == 1:
        return known[0]
    if known and all(each.name in ("faers", "aers") for each in known):
        return known[0]  # its reader joins both eras
    if known:
        raise _unclear("files of several sources are mixed", known)
    raise _unclear("no reader knows these files", FORMATS, names)


def named(name: str) -> Format:
    """The source of a name. Raises InputError for a name that is not one."""
    for each in FORMATS:
        if each.name == name.strip().lower():
            return each
    fault = Fault(what="there is no such format", got=name, expected=", ".join(each.name for each in FORMATS))
    raise InputError("The format of a source is not known.", [fault])


def _unclear(what: str, formats: Sequence[Format], names: Sequence[str] = ()) -> InputError:
    fault = Fault(
        what=what,
        got=", ".join(names[:5]),
        expected="; ".join(f"{each.name}: {each.title}" for each in formats),
        hint="Name the format to read only its files",
    )
    return InputError("It is not clear what the source is.", [fault])
