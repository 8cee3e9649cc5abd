"""The user's own MedDRA files (folder MedAscii) as groups of events: HLT, HLGT, SOC and SMQ.

MedDRA is licensed; nothing of it comes with this package. Files are `$`-separated, without quotes or header, each
row closed by a `$`, as the MedDRA distribution file format document gives them:

=================  =================================================================================================
mdhier.asc         PT, HLT, HLGT, SOC code; their four names; short name of the SOC; empty; primary SOC code; Y or N
llt.asc            LLT code; LLT name; PT code; others
smq_list.asc       SMQ code; name; level; description, source, note; version; status (A active, I inactive); algorithm
smq_content.asc    SMQ code; term code; level of the term (0 SMQ, 4 PT, 5 LLT); scope (0 child SMQ, 1 broad,
                   2 narrow); category; weight; status; versions
=================  =================================================================================================

``mdhier.asc`` is needed and holds all that ``pt.asc``, ``hlt.asc``, ``hlt_pt.asc`` and ``soc.asc`` say of the
hierarchy. Without ``llt.asc`` only preferred terms are known; without the two SMQ files there are no SMQs.
Inactive SMQs and inactive members are left out. An SMQ holds what its child SMQs hold. For an algorithmic SMQ the
groups list every member; the algorithm itself (so many of category B with one of C) is not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError, OutsideError
from untoward.exchange.reports.archive import as_utf8
from untoward.model.ledger import Fate, Ledger, LedgerEntry

LEVELS = ("PT", "HLT", "HLGT", "SOC", "SMQ narrow", "SMQ broad")
"""Levels of groups. The broad scope of an SMQ takes in its narrow one."""

_HIERARCHY = (
    "pt", "hlt", "hlgt", "soc", "PT", "HLT", "HLGT", "SOC", "short", "empty", "primary_code", "primary",
)  # fmt: skip
_LLT = ("llt", "LLT", "pt")
_SMQ = ("smq", "name", "level", "description", "source", "note", "version", "status")
_CONTENT = ("smq", "term", "level", "scope", "category", "weight", "status")

BROAD, NARROW = "1", "2"
_FEW = "fewer fields than the table has"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedDra:
    """The groups of every term, and what became of every row read.

    ``groups`` has ``event`` (name of a PT, or of an LLT), ``level`` (one of `LEVELS`), ``group`` and ``primary``
    (true along the path of the primary SOC; null for PT and SMQ). ``hierarchy`` has ``node, parent`` along primary
    paths, PT to SOC; above the PT a node is called by its level and name ("HLT: ..."), since levels share names.
    """

    groups: pl.DataFrame
    hierarchy: pl.DataFrame
    ledger: Ledger

    def only_primary(self) -> pl.DataFrame:
        """The groups without secondary paths, so that no event counts in two groups of a level (SMQs aside)."""
        return self.groups.filter(pl.col("primary").fill_null(value=True))


def read_meddra(folder: Path) -> MedDra:
    """Read the files of a MedAscii folder, or of a folder that has one inside.

    Raises OutsideError when a file cannot be read, InputError when there is no ``mdhier.asc`` or no row fits it.
    """
    files = _files(folder)
    if "mdhier.asc" not in files:
        fault = Fault(what="file missing", file="mdhier.asc", where=str(folder), hint="It is in MedAscii.")
        raise InputError("The MedDRA folder cannot be used.", [fault])
    entries: list[LedgerEntry] = []
    paths = _rows(files["mdhier.asc"], _HIERARCHY, entries)
    if paths.is_empty():
        raise InputError("The MedDRA folder cannot be used.", [Fault(what="no row fits", file="mdhier.asc")])
    llt = _optional(files, "llt.asc", _LLT, entries)
    smqs = _optional(files, "smq_list.asc", _SMQ, entries)
    content = _optional(files, "smq_content.asc", _CONTENT, entries)
    terms = _terms(paths, llt)
    parts = [_pt_groups(terms), _path_groups(terms, paths), _smq_groups(terms, smqs, content)]
    return MedDra(
        groups=pl.concat(parts).unique(maintain_order=True),
        hierarchy=_hierarchy(paths),
        ledger=Ledger().with_entries(entries),
    )


def _files(folder: Path) -> dict[str, Path]:
    """Files by their name in small letters; the distribution has had both ways of writing them."""
    try:
        places = [folder, *(inner for inner in folder.iterdir() if inner.name.lower() == "medascii")]
        return {file.name.lower(): file for place in places for file in place.iterdir() if file.is_file()}
    except OSError as error:
        raise OutsideError(f"{folder}: cannot be read ({error.strerror})") from error


def _optional(
    files: dict[str, Path], name: str, columns: tuple[str, ...], entries: list[LedgerEntry]
) -> pl.DataFrame:
    if name in files:
        return _rows(files[name], columns, entries)
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def _rows(file: Path, columns: tuple[str, ...], entries: list[LedgerEntry]) -> pl.DataFrame:
    """The first columns of a file; rows with too few fields go to the ledger."""
    try:
        text = as_utf8(file.read_bytes()).decode("utf-8")
    except OSError as error:
        raise OutsideError(f"{file}: cannot be read ({error.strerror})") from error
    lines = [line.rstrip("\r") for line in text.split("\n")]
    lines = [line for line in lines if line.strip("\r\n\t \0\x1a")]
    fields = pl.Series("line", lines, pl.String).str.split("$").alias("fields").to_frame()
    fields = fields.with_columns(whole=pl.col("fields").list.len() >= len(columns))
    short = [line[:80] for line, whole in zip(lines, fields["whole"], strict=True) if not whole]
    for fate, rows in ((Fate.READ, len(lines)), (Fate.KEPT, len(lines) - len(short))):
        entries.append(LedgerEntry(file=file.name, table="MedDRA", fate=fate, rows=rows))
    entries.append(
        LedgerEntry(
            file=file.name,
            table="MedDRA",
            fate=Fate.DROPPED,
            rows=len(short),
            reason=_FEW,
            examples=tuple(short[:3]),
        )
    )
    chosen = [pl.col("fields").list.get(at).str.strip_chars().alias(name) for at, name in enumerate(columns)]
    return fields.filter("whole").select(chosen)


def _terms(paths: pl.DataFrame, llt: pl.DataFrame) -> pl.DataFrame:
    """Names of events with the code of their PT; a preferred term goes before a lowest level term of its name."""
    own = paths.select("pt", pl.col("PT").alias("event"))
    lower = llt.select("pt", pl.col("LLT").alias("event"), "llt").join(
        own.select("pt").unique(), on="pt", how="semi"
    )
    every = pl.concat([own.with_columns(pl.col("pt").alias("llt")), lower.select("pt", "event", "llt")])
    return every.unique(["event"], keep="first", maintain_order=True)


def _pt_groups(terms: pl.DataFrame) -> pl.DataFrame:
    of_pt = terms.filter(pl.col("llt") == pl.col("pt")).select("pt", pl.col("event").alias("group"))
    named = terms.join(of_pt, on="pt", maintain_order="left")
    return _shaped(named, pl.lit("PT"), pl.lit(None, pl.Boolean))


def _path_groups(terms: pl.DataFrame, paths: pl.DataFrame) -> pl.DataFrame:
    rows = terms.join(paths.drop("PT"), on="pt", maintain_order="left")
    primary = pl.col("primary") == "Y"
    return pl.concat(
        # a group may lie on a secondary path too; once primary is primary
        _shaped(rows.with_columns(pl.col(level).alias("group")), pl.lit(level), primary)
        .sort("primary", descending=True, maintain_order=True)
        .unique(["event", "level", "group"], keep="first", maintain_order=True)
        for level in ("HLT", "HLGT", "SOC")
    )


def _smq_groups(terms: pl.DataFrame, smqs: pl.DataFrame, content: pl.DataFrame) -> pl.DataFrame:
    active = smqs.filter(pl.col("status") != "I").select("smq", pl.col("name").alias("group"))
    content = content.filter(pl.col("status") != "I")
    members = content.filter(pl.col("level").is_in(["4", "5"]))
    inside = _inside(content.filter(pl.col("level") == "0"))
    own = members.select("smq", pl.col("smq").alias("part")).unique()
    held = pl.concat([own, inside]).join(members, left_on="part", right_on="smq").join(active, on="smq")
    # a member PT stands for its lowest level terms too, a member LLT for itself alone
    by_pt = terms.join(held.filter(pl.col("level") == "4"), left_on="pt", right_on="term")
    by_llt = terms.join(held.filter(pl.col("level") == "5"), left_on="llt", right_on="term")
    found = pl.concat([frame.select("event", "group", "scope") for frame in (by_pt, by_llt)])
    none = pl.lit(None, pl.Boolean)
    return pl.concat(
        [
            _shaped(found.filter(pl.col("scope") == NARROW), pl.lit("SMQ narrow"), none),
            _shaped(found.filter(pl.col("scope").is_in([BROAD, NARROW])), pl.lit("SMQ broad"), none),
        ]
    ).sort("level", "group", "event")


def _inside(children: pl.DataFrame) -> pl.DataFrame:
    """Every SMQ with each SMQ inside it, at any depth (``smq, part``); a circle in the file ends where it closes."""
    steps = children.select("smq", pl.col("term").alias("part")).unique()
    found = steps
    while True:
        further = found.join(steps, left_on="part", right_on="smq").select(
            "smq", pl.col("part_right").alias("part")
        )
        wider = pl.concat([found, further]).filter(pl.col("smq") != pl.col("part")).unique()
        if wider.height <= found.height:
            return found
        found = wider


def _hierarchy(paths: pl.DataFrame) -> pl.DataFrame:
    """Nodes and their parents along the primary paths."""
    primary = paths.filter(pl.col("primary") == "Y")
    named = primary.select(
        "PT", *(pl.format(f"{level}: {{}}", level).alias(level) for level in ("HLT", "HLGT", "SOC"))
    )
    steps = [("PT", "HLT"), ("HLT", "HLGT"), ("HLGT", "SOC")]
    return pl.concat(
        named.select(pl.col(low).alias("node"), pl.col(high).alias("parent")) for low, high in steps
    ).unique("node", keep="first", maintain_order=True)


def _shaped(frame: pl.DataFrame, level: pl.Expr, primary: pl.Expr) -> pl.DataFrame:
    return frame.select("event", level.alias("level"), "group", primary.alias("primary"))
