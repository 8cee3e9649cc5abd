"""Which source some files are of: every reader is asked, by the names of the files and their first lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.model.reports import ReportTables

Reader = Callable[[Sequence[SourceFile], Progress], ReportTables]
Look = Callable[[Sequence[str], Sequence[str]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A source untoward can read: its name, what it is, and the module with its reader.

    The module offers `read_<name>` and `looks_like_<name>`. It is imported when it is asked for, so that reading
    one source does not wait for the readers of the others.
    """

    name: str
    title: str

    @property
    def read(self) -> Reader:
        """The reader: files and progress in, tables out."""
        reader: Reader = getattr(self._module, f"read_{self.name}")
        return reader

    @property
    def looks_like(self) -> Look:
        """Whether files are of this source, by their names (`SourceFile.base`) and first lines, in one order."""
        look: Look = getattr(self._module, f"looks_like_{self.name}")
        return look

    @property
    def _module(self) -> object:
        return import_module(f"untoward.exchange.reports.{self.name}")


FORMATS = (
    Format(name="faers", title="FAERS quarters (drugs, United States, from 2012 Q4)"),
    Format(name="aers", title="AERS quarters (drugs, United States, to 2012 Q3)"),
    Format(name="vaers", title="VAERS years (vaccines, United States)"),
    Format(name="caers", title="CAERS or HFCS (foods, supplements and cosmetics, United States)"),
    Format(name="maude", title="MAUDE (devices, United States)"),
    Format(name="openfda", title="openFDA answers and downloads (JSON)"),
    Format(name="pairs", title="a table of report_id, drug, event"),
    Format(name="counts", title="a table of drug, event, n"),
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
