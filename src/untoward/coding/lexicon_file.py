"""Read and check the files of the lexicon; every fault of every file is reported at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from untoward.coding.lexicon import LANGUAGES, Lexicon, words_of
from untoward.errors import Fault, InputError
from untoward.model.names import fold
from untoward.model.terms import TermKind, TermList

_WILD = "*"


def read_files(files: Iterable[Path]) -> dict[str, Any]:
    """The checked content of the package's own files, every entry as a list of words."""
    by_name = {path.stem: (path, _content(path)) for path in files}
    faults: list[Fault] = []
    for name, (path, content) in by_name.items():
        faults += _schema_faults(content, name if name not in LANGUAGES else "language", path.name)
    if not faults:
        faults += _dangling(by_name["concepts"][1], by_name["patterns"][1]["patterns"])
    if faults:
        raise InputError(f"The lexicon has {len(faults)} fault(s).", faults)
    concepts, patterns, everyday = (by_name[name][1] for name in ("concepts", "patterns", "ordinary"))
    return {
        "languages": {code: _language(by_name[code][1], everyday[code]) for code in LANGUAGES},
        "concepts": {
            name: {code: [_entry(text) for text in entries] for code, entries in by_language.items()}
            for name, by_language in concepts["concepts"].items()
        },
        "place": concepts["place"],
        "patterns": patterns["patterns"],
    }


def read_extra(path: Path, lexicon: Lexicon, terms: TermList | None) -> dict[str, Any]:
    """The checked content of an extra file: `synonyms` by term and language, `words` by language and kind."""
    content = _content(path)
    faults = _schema_faults(content, "extra", path.name)
    if not faults:
        faults = [
            *_unknown_kinds(content, lexicon, path.name),
            *_empty_entries(content, path.name),
            *(_unfit_names(content, terms, path.name) if terms is not None else ()),
        ]
    if faults:
        what = "fault" if len(faults) == 1 else "faults"
        raise InputError(f"{path} has {len(faults)} {what}; the lexicon was not extended.", faults)
    words = {
        code: {kind: [list(words_of(text)) for text in entries] for kind, entries in kinds.items()}
        for code, kinds in content.get("words", {}).items()
    }
    return {"synonyms": content.get("synonyms", {}), "words": words}


def _content(path: Path) -> dict[str, Any]:
    """What a YAML file says, every value as text. Raises InputError when it cannot be read."""
    try:
        content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506
        return content
    except OSError as error:
        fault = Fault(what=error.strerror or "cannot be read", file=str(path))
        raise InputError("The lexicon could not be read.", [fault]) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "The lexicon could not be read.", [Fault(what="is not UTF-8 text", file=str(path))]
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f"line {mark.line + 1}"
        what = f"is not YAML: {getattr(error, 'problem', None) or 'cannot be read'}"
        raise InputError(
            "The lexicon could not be read.", [Fault(what=what, file=str(path), where=where)]
        ) from error


def _schema_faults(content: object, name: str, file: str) -> list[Fault]:
    folder = resources.files("untoward.coding") / "data" / "schema"
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return [
        Fault(what=error.message[:200], file=file, field=".".join(str(part) for part in error.instance_path))
        for error in jsonschema_rs.validator_for(schema).iter_errors(content)
    ]


def _dangling(concepts: Mapping[str, Any], patterns: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    known = concepts["concepts"]
    for name in concepts["place"]:
        if name not in known:
            yield Fault(what="no such concept", file="concepts.yaml", field="place", got=name)
    for item in patterns:
        for name in (*item["words"], *item.get("not_with", ())):
            if name not in known:
                yield Fault(what="no such concept", file="patterns.yaml", field=item["term"], got=name)


def _language(content: Mapping[str, Any], everyday: list[str]) -> dict[str, Any]:
    content = {**content, "ordinary": [*content["ordinary"], *everyday]}
    kinds = {
        kind: [list(words_of(text)) for text in entries]
        for kind, entries in content.items()
        if kind not in ("language", "denied_in_one_word")
    }
    return {**kinds, "denied_in_one_word": content["denied_in_one_word"]}


def _entry(text: str) -> list[str]:
    """The words of a concept's entry; a star at the end of one stays."""
    words: list[str] = []
    for piece in text.split():
        folded = list(words_of(piece.rstrip(_WILD)))
        words += folded
        if piece.endswith(_WILD) and folded:
            words[-1] += _WILD
    return words


def _unknown_kinds(content: Mapping[str, Any], lexicon: Lexicon, file: str) -> Iterator[Fault]:
    for code, kinds in content.get("words", {}).items():
        known = sorted(lexicon.languages[code].kinds)
        for kind in kinds:
            if kind not in known:
                yield Fault(
                    what="no such kind of word",
                    file=file,
                    field=f"words.{code}.{kind}",
                    expected=f"one of {', '.join(known)}",
                )


def _empty_entries(content: Mapping[str, Any], file: str) -> Iterator[Fault]:
    for section in ("words", "synonyms"):
        for outer, inner in content.get(section, {}).items():
            for key, entries in inner.items():
                for text in entries:
                    if not words_of(text):
                        yield Fault(
                            what="has no letter to be found by",
                            file=file,
                            field=f"{section}.{outer}.{key}",
                            got=text,
                        )


def _unfit_names(content: Mapping[str, Any], terms: TermList, file: str) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for term_id, names in content.get("synonyms", {}).items():
        if term_id not in terms:
            near = ", ".join(terms.index.suggest(term_id))
            hint = f"Did you mean: {near}?" if near else "See the list of terms in the reference."
            yield Fault(what="no such term", file=file, field=f"synonyms.{term_id}", hint=hint)
            continue
        if terms[term_id].kind is TermKind.VITAL:
            yield Fault(
                what="a measured value is read by its number, not by a name",
                file=file,
                field=f"synonyms.{term_id}",
            )
            continue
        for code, entries in names.items():
            for text in entries:
                owner = terms.index.keys.get(fold(text)) or seen.setdefault(fold(text), term_id)
                if owner != term_id:
                    yield Fault(
                        what=f"is already a name of {owner}",
                        file=file,
                        field=f"synonyms.{term_id}.{code}",
                        got=text,
                    )
