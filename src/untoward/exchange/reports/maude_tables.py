"""The kinds of MAUDE file: what their columns are called, how rows begin, and which file comes before which.

Six kinds are joined by MDR_REPORT_KEY: reports, devices, patients, texts, problems of the device, problems of the
patient. Two lists say what the codes of problems mean. Files named Add and Change hold what a later month added or
changed, and come before the files of a year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.delimited import Layout
from untoward.exchange.reports.headers import Columns, has, must_have

REPORTS, DEVICES, PATIENTS, TEXTS = "reports", "devices", "patients", "texts"
DEVICE_PROBLEMS, PATIENT_PROBLEMS = "device problems", "patient problems"
DEVICE_CODES, PATIENT_CODES = "device problem codes", "patient problem codes"

ROW_START = re.compile(r"^\s*\d{2,}(?:\.\d+)?\s*\|")
"""Every row begins with the key of its report, in DEVICE files with a space before and ".0" behind."""

_KEY = ("MDR_REPORT_KEY",)


def _layout(
    columns: Columns, *required: str, header: tuple[str, ...] | None = None, open_end: bool = False
) -> Layout:
    return Layout(
        columns={"key": _KEY, **columns},
        required=("key", *required),
        separator="|",
        quoted=False,
        starts=ROW_START,
        header=header,
        open_end=open_end,
    )


LAYOUTS: Mapping[str, Layout] = {
    TEXTS: _layout({"text_key": ("MDR_TEXT_KEY",)}, "text_key", open_end=True),
    DEVICES: _layout(
        {
            "sequence": ("DEVICE_SEQUENCE_NO", "DEVICE_SEQUENCE_NUMBER"),
            "brand": ("BRAND_NAME",),
            "generic": ("GENERIC_NAME",),
            "lot": ("LOT_NUMBER",),
        },
        "brand",
        "generic",
    ),
    REPORTS: _layout(
        {
            "event_key": ("EVENT_KEY",),
            "received": ("DATE_RECEIVED",),
            "event_date": ("DATE_OF_EVENT",),
            "event_type": ("EVENT_TYPE",),
            "reporter": ("REPORTER_OCCUPATION_CODE",),
            "country": ("REPORTER_COUNTRY_CODE",),
        },
        "received",
        "event_type",
    ),
    PATIENT_PROBLEMS: _layout(
        {"code": ("PROBLEM_CODE",), "sequence": ("PATIENT_SEQUENCE_NO",)}, "code", "sequence"
    ),
    PATIENTS: _layout(
        {
            "sequence": ("PATIENT_SEQUENCE_NUMBER", "PATIENT_SEQUENCE_NO"),
            "outcomes": ("SEQUENCE_NUMBER_OUTCOME",),
            "age": ("PATIENT_AGE",),
            "sex": ("PATIENT_SEX",),
        },
        "sequence",
        "outcomes",
    ),
    DEVICE_PROBLEMS: _layout({"code": ("PROBLEM_CODE", "DEVICE_PROBLEM_CODE")}, "code"),
}
"""In the order in which a header is compared with them."""

_HEADERS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    DEVICE_PROBLEMS: {2: ("MDR_REPORT_KEY", "PROBLEM_CODE")},
    PATIENT_PROBLEMS: {
        3: ("MDR_REPORT_KEY", "PATIENT_SEQUENCE_NO", "PROBLEM_CODE"),
        5: ("MDR_REPORT_KEY", "PATIENT_SEQUENCE_NO", "PROBLEM_CODE", "DATE_ADDED", "DATE_CHANGED"),
    },
}
"""The headers of files without one, by how many cells a row has."""

_NEEDED = (REPORTS, DEVICES)
_NAMES = {REPORTS: "mdrfoi*.txt", DEVICES: "device*.txt or foidev*.txt"}
_NOT_TABLES = (".PDF", ".HTM", ".HTML", ".DOC", ".DOCX", ".MD", ".JSON", ".XLSX")


def kind_of(name: str, line: str) -> str | None:
    """Which kind a file is, by its name in upper case and its first line."""
    cells = [cell.strip().strip('"') for cell in line.split("|")]
    if len(cells) > 1:
        found = next(
            (kind for kind, each in LAYOUTS.items() if has(cells, each.columns, each.required)), None
        )
        if found is not None:
            return found
        if ROW_START.match(line):
            return _kind_without_header(name, cells)
    return _kind_of_codes(name, line)


def _kind_without_header(name: str, cells: Sequence[str]) -> str | None:
    if "FOIDEVPROBLEM" in name and len(cells) in _HEADERS[DEVICE_PROBLEMS]:
        return DEVICE_PROBLEMS
    if "PATIENTPROBLEM" in name and len(cells) in _HEADERS[PATIENT_PROBLEMS]:
        return PATIENT_PROBLEMS
    return None


def _kind_of_codes(name: str, line: str) -> str | None:
    if "DEVICEPROBLEMCODE" in name:
        return DEVICE_CODES
    is_list = "PATIENTPROBLEMDATA" in name or "PATIENTPROBLEMCODES" in name
    return PATIENT_CODES if is_list and ("," in line or "|" in line) else None


def layout_of(kind: str, line: str) -> Layout:
    """The layout of a file of a kind, by its first line: with the usual header where it has none."""
    usual = LAYOUTS[kind]
    cells = line.split("|")
    headers = _HEADERS.get(kind, {}).get(len(cells))
    if headers is None or not ROW_START.match(line):
        return usual
    columns = {name: known for name, known in usual.columns.items() if name != "key"}
    return _layout(columns, *usual.required[1:], header=headers)


def rank_of(file: SourceFile) -> int:
    """0 for the file of a year, 1 for an Add file, 2 for a Change file: a higher one comes before a lower one."""
    if "CHANGE" in file.base:
        return 2
    return 1 if "ADD" in file.base else 0


def sorted_by_kind(files: Sequence[SourceFile]) -> Mapping[str, tuple[SourceFile, ...]]:
    """The files of each kind; documents beside them are left out.

    Raises InputError when a table is of no kind, or when reports, devices or all problems are missing.
    """
    kinds: dict[str, list[SourceFile]] = {}
    for file in files:
        line = file.first_line()
        kind = kind_of(file.base, line)
        if kind is not None:
            kinds.setdefault(kind, []).append(file)
        elif line.count("|") > 0 and not file.base.endswith(_NOT_TABLES):
            _refuse(file, line)
    faults = [_absent(kind) for kind in _NEEDED if kind not in kinds]
    if not {DEVICE_PROBLEMS, PATIENT_PROBLEMS} & kinds.keys():
        expected = "foidevproblem*.txt or patientproblemcode*.txt"
        faults.append(Fault(what="there is no file of problems", expected=expected))
    if faults:
        raise InputError("MAUDE reports stand in several kinds of file", faults)
    return {kind: tuple(found) for kind, found in kinds.items()}


def _absent(kind: str) -> Fault:
    columns = LAYOUTS[kind].columns
    needed = ", ".join(columns[name][0] for name in LAYOUTS[kind].required)
    return Fault(
        what=f"there is no file of {kind}",
        expected=f"a name such as {_NAMES[kind]} and the columns {needed}, …",
        hint="Give the folder with all files of a year.",
    )


def _refuse(file: SourceFile, line: str) -> None:
    named = {"MDRFOI": REPORTS, "FOITEXT": TEXTS, "PATIENT": PATIENTS, "FOIDEV": DEVICES, "DEVICE": DEVICES}
    meant = next((kind for part, kind in named.items() if part in file.base), REPORTS)
    layout = LAYOUTS[meant]
    must_have(file.name, line.split("|"), layout.columns, layout.required)
