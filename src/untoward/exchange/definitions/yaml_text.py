"""YAML of strangers as plain values: bounded in size and depth, no aliases, no field twice, dates as the text they are.

An alias lets a few lines stand for millions of values, and nobody needs one in a case definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from untoward.errors import Fault

MOST_BYTES = 200_000
DEEPEST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlText:
    """A document with the line of each of its fields, as paths such as ("levels", "confirmed", "all", "0")."""

    value: Any
    lines: Mapping[tuple[str, ...], int]

    def line_of(self, path: Sequence[str]) -> str:
        """As in "line 12", of the field or of the nearest one around it; empty when the document has none."""
        for end in range(len(path), -1, -1):
            line = self.lines.get(tuple(path[:end]))
            if line is not None:
                return f"line {line}"
        return ""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a date stays the text that was written."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, file: str) -> tuple[YamlText | None, list[Fault]]:
    """The document, or the faults that keep it from being one."""
    if len(text.encode()) > MOST_BYTES:
        got = f"{len(text.encode()):,} bytes"
        return None, [Fault(what="too large", file=file, got=got, expected=f"at most {MOST_BYTES:,} bytes")]
    try:
        faults = list(_unwanted(text, file))
        if faults:
            return None, faults
        node = yaml.compose(text, Loader=_Loader)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, a little stricter
    except yaml.YAMLError as error:
        return None, [_syntax_fault(error, file)]
    except ValueError as error:
        return None, [Fault(what="is not YAML", file=file, got=str(error)[:120])]
    if node is None:
        return None, [Fault(what="is empty", file=file, expected="a case definition")]
    lines: dict[tuple[str, ...], int] = {}
    faults = list(_walk(node, (), lines, file))
    return (None, faults) if faults else (YamlText(value=value, lines=lines), [])


def _unwanted(text: str, file: str) -> Any:  # noqa: ANN401 - an iterator of faults
    depth, documents = 0, 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.AliasEvent):
            yield Fault(what="an alias (*name)", file=file, where=where, hint="Write it out.")
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents == 2 and isinstance(event, yaml.DocumentStartEvent):
            yield Fault(what="a second document", file=file, where=where, expected="one case definition")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield Fault(what="nested too deep", file=file, where=where, expected=f"at most {DEEPEST} levels")
            return


def _walk(node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int], file: str) -> Any:  # noqa: ANN401
    """Note the line of each field; a field given twice is a fault."""
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name, where = str(key.value), f"line {key.start_mark.line + 1}"
            if name in seen:
                yield Fault(
                    what="the field is given twice", file=file, where=where, field=".".join((*path, name))
                )
            seen.add(name)
            yield from _walk(value, (*path, name), lines, file)
            lines[(*path, name)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _walk(item, (*path, str(place)), lines, file)


def _syntax_fault(error: yaml.YAMLError, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    return Fault(
        what="is not YAML",
        file=file,
        where=f"line {mark.line + 1}" if mark else "",
        got=str(getattr(error, "problem", None) or error).split("\n")[0][:120],
        hint="Indent with blanks, and write a blank after each colon.",
    )
