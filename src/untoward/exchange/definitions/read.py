"""Read a case definition, and put the ids of terms and compounds in the place of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from untoward.errors import Fault, InputError
from untoward.exchange.definitions.checks import content_faults, schema_faults
from untoward.exchange.definitions.yaml_text import YamlText, read_yaml
from untoward.model.names import NameIndex
from untoward.model.terms import TermList


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionReading:
    """The checked document with ids for names, and `taken`: each name that was written, with what it was taken for."""

    document: Mapping[str, Any]
    taken: tuple[tuple[str, str], ...]


def read_definition(text: str, *, file: str, terms: TermList, compounds: NameIndex) -> DefinitionReading:
    """The definition of a YAML or JSON text. Raises InputError listing every fault of it.

    A term or compound that no list knows is a fault: with an unknown word in it, a definition would silently find
    nobody.
    """
    read, faults = read_yaml(text, file)
    if read is not None:
        faults = [*schema_faults(read, file), *content_faults(read, file)]
        named = _Naming(read, file, terms, compounds)
        document = named.walk(read.value, ())
        faults += named.faults
        if not faults:
            return DefinitionReading(document=document, taken=tuple(dict.fromkeys(named.taken)))
    count = f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
    raise InputError(f"{file} has {count}; nobody was classified.", faults)


class _Naming:
    """A walk over the document that resolves names wherever they stand, also in a document with other faults."""

    def __init__(self, text: YamlText, file: str, terms: TermList, compounds: NameIndex) -> None:
        self.text = text
        self.file = file
        self.terms = terms
        self.compounds = compounds
        self.faults: list[Fault] = []
        self.taken: list[tuple[str, str]] = []

    def walk(self, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any part of a document
        if isinstance(value, list):
            return [self.walk(item, (*path, str(place))) for place, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        walked = {name: self.walk(item, (*path, str(name))) for name, item in value.items()}
        for name in ("term", "finding"):
            if name in value and path[:1] == ("levels",):
                walked[name] = self._each(value[name], (*path, name), self._term)
        if value.get("exposure") == "compound" and "value" in value:
            walked["value"] = self._each(value["value"], (*path, "value"), self._compound)
        return walked

    def _each(self, value: Any, path: tuple[str, ...], resolve: Any) -> Any:  # noqa: ANN401
        names = value if isinstance(value, list) else [value]
        found = [resolve(name, path) for name in names if isinstance(name, str)]
        return list(dict.fromkeys(one for one in found if one is not None))

    def _term(self, name: str, path: tuple[str, ...]) -> str | None:
        term = self.terms.resolve(name)
        if term is None:
            self._unknown("term", name, path, self.terms.index)
            return None
        self.taken.append((name, term.id))
        return term.id

    def _compound(self, name: str, path: tuple[str, ...]) -> str | None:
        key = self.compounds.find(name)
        if key is None:
            self._unknown("compound", name, path, self.compounds)
            return None
        self.taken.append((name, key))
        return key

    def _unknown(self, what: str, name: str, path: tuple[str, ...], index: NameIndex) -> None:
        near = ", ".join(index.suggest(name))
        self.faults.append(
            Fault(
                what=f"no {what} of this name is known",
                file=self.file,
                where=self.text.line_of(path),
                field=".".join(path),
                got=name[:60],
                hint=f"Did you mean: {near}?" if near else "",
            )
        )
