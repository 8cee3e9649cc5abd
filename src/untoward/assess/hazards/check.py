"""Find every fault of the hazard log: in its files, in each hazard, and between hazards, rules, evidence and tests."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from untoward.assess.hazards.risk import RiskMatrix
from untoward.errors import Fault

Located = tuple[str, Mapping[str, Any]]
"""A hazard as it was written, with the name of its file."""

FORM_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "rule": ("rule",),
    "test": ("test",),
    "data": ("record",),
    "wording": ("rule", "test", "page"),
    "human": ("page",),
}
"""What the reference of a control may be, for each kind of control."""

_RULE_CODE = re.compile(r"[A-Z]{3}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Known:
    """What a hazard may refer to: rule codes, evidence keys, the words of the matrix, and a checkout, if there is one."""

    rules: frozenset[str]
    records: frozenset[str]
    matrix: RiskMatrix
    project: Path | None


def read_items(folder: Path) -> tuple[list[Located], list[Fault]]:
    """Every hazard of every file that keeps to the schema, and a fault for whatever does not."""
    items: list[Located] = []
    faults: list[Fault] = []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        faults.append(Fault(what="no hazard files", file=str(folder), expected="*.yaml"))
    for file in files:
        for item in _entries(file, faults):
            broken = list(_schema_faults(file.name, item))
            faults += broken
            if not broken:
                items.append((file.name, item))
    return items, faults


def faults_between(items: Sequence[Located], known: Known, *, complete: bool) -> list[Fault]:
    """Faults of hazards that keep to the schema: ids used twice, unknown references and words, rules without a hazard.

    When the items are not `complete`, because some break the schema, no rule is called uncovered: one fault must
    not cause others.
    """
    faults = list(_ids_used_twice(items))
    for file, item in items:
        faults += _unknown_words(file, item, known.matrix)
        faults += _unknown_references(file, item, known)
    return faults + list(_rules_without_hazard(items, known.rules)) if complete else faults


def form_of(reference: str) -> str:
    """What a reference looks like: test, page, rule or record."""
    if reference.startswith("tests/"):
        return "test"
    if reference.startswith("docs/"):
        return "page"
    return "rule" if _RULE_CODE.fullmatch(reference) else "record"


def _entries(file: Path, faults: list[Fault]) -> list[Mapping[str, Any]]:
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        faults.append(Fault(what="not readable as YAML", file=file.name, got=str(error).split("\n")[0]))
        return []
    if not isinstance(read, list) or not all(isinstance(item, dict) for item in read):
        faults.append(Fault(what="not a list of hazards", file=file.name, expected="a YAML list of hazards"))
        return []
    return read


@lru_cache(maxsize=1)
def _validator() -> jsonschema_rs.Validator:
    text = (resources.files("untoward.assess.hazards") / "hazard.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def _schema_faults(file: str, item: Mapping[str, Any]) -> Iterator[Fault]:
    where = f"hazard {item.get('id', 'without an id')}"
    try:
        for broken in _validator().iter_errors(item):
            field = ".".join(str(part) for part in broken.instance_path)
            yield Fault(what=broken.message, file=file, where=where, field=field)
    except ValueError as error:  # a date, or a field name that is no text
        yield Fault(what="not a value that JSON has", file=file, where=where, got=str(error))


def _ids_used_twice(items: Iterable[Located]) -> Iterator[Fault]:
    counts = Counter(item["id"] for _file, item in items)
    for name in sorted(name for name, count in counts.items() if count > 1):
        files = ", ".join(sorted({file for file, item in items if item["id"] == name}))
        yield Fault(what="hazard id used twice", file=files, where=f"hazard {name}")


def _unknown_words(file: str, item: Mapping[str, Any], matrix: RiskMatrix) -> Iterator[Fault]:
    where = f"hazard {item['id']}"
    allowed = {"severity": matrix.severities, "likelihood": tuple(matrix.rows)}
    found = [
        Fault(what=f"unknown {part}", file=file, where=where, field=f"{stage}.{part}", got=item[stage][part],
              expected=", ".join(words))
        for stage in ("initial", "residual")
        for part, words in allowed.items()
        if item[stage][part] not in words
    ]  # fmt: skip
    yield from found
    if not found and matrix.risk(**item["residual"]) > matrix.risk(**item["initial"]):
        yield Fault(what="the risk is higher with the controls than without", file=file, where=where)


def _unknown_references(file: str, item: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    where = f"hazard {item['id']}"
    for index, control in enumerate(item["controls"]):
        field = f"controls.{index}.reference"
        what, expected = _fault_of_control(control, known)
        if what:
            yield Fault(
                what=what, file=file, where=where, field=field, got=control["reference"], expected=expected
            )
    for key in item["sources"]:
        if key not in known.records:
            yield Fault(what="unknown evidence record", file=file, where=where, field="sources", got=key)


def _fault_of_control(control: Mapping[str, Any], known: Known) -> tuple[str, str]:
    """What is wrong with a control's reference and what was expected; two empty texts when nothing is."""
    reference = control["reference"]
    form, forms = form_of(reference), FORM_OF_KIND[control["kind"]]
    if form not in forms:
        return f"a {control['kind']} control cannot refer to a {form}", " or ".join(forms)
    if form == "rule" and reference not in known.rules:
        return "unknown rule code", ""
    if form == "record" and reference not in known.records:
        return "unknown evidence record", ""
    if form in ("test", "page") and known.project and not (known.project / reference).is_file():
        return f"missing {form}", "a file of the project"
    return "", ""


def _rules_without_hazard(items: Iterable[Located], rules: Iterable[str]) -> Iterator[Fault]:
    controls = [control for _file, item in items for control in item["controls"]]
    named = {control["reference"] for control in controls if control["kind"] == "rule"}
    for code in sorted(set(rules) - named):
        hint = "Name it as a control of kind rule in the log of hazards"
        yield Fault(what="rule without a hazard", got=code, hint=hint)
