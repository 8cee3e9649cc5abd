"""Gather what the pages say and keep the Spanish catalogue level with it, without system gettext.

Texts come from the templates (their parsed nodes) and from calls of gettext in Python. `messages.py` merges them into
``django.po`` (a translation is kept while its text stands; a text that is gone leaves the catalogue) and compiles
``django.mo``. `--check` changes nothing: it names what is missing, dead, doubtful, mismatched or not compiled, and fails.
`--untranslated` prints the texts without a translation, one JSON text a line.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "untoward"
TEMPLATES = SOURCE / "web" / "templates"
FOLDER = SOURCE / "web" / "locale" / "es" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
PYTHON = (
    SOURCE / "web",
    SOURCE / "registry",
    SOURCE / "tasks" / "record",
    *sorted((SOURCE / "tasks").glob("site*.py")),
)
ONE = frozenset({"gettext", "gettext_lazy", "gettext_noop", "_", "_n"})
MANY = frozenset({"ngettext", "ngettext_lazy"})
WITH_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
_HOLES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]|(</?[a-z][^>]*>)")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text as it stands in the source; `plural` and `context` are empty where there is none."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        """What a catalogue knows it by."""
        return (self.singular, self.plural) if self.plural else self.singular


@dataclass(slots=True)
class Found:
    """Every text with the files it stands in, and the calls whose text cannot be read from the source."""

    where: dict[Text, set[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def add(self, text: Text, path: Path) -> None:
        """Keep a text of a file."""
        if text.singular.strip():
            self.where.setdefault(text, set()).add(path.relative_to(ROOT).as_posix())


def gather() -> Found:
    """All texts of the templates and of the Python files."""
    found = Found()
    for path in sorted(TEMPLATES.rglob("*.html")):
        for text in template_texts(path):
            found.add(text, path)
    for place in PYTHON:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            for said, line in python_texts(path):
                if said is None:
                    found.unreadable.append(f"{path.relative_to(ROOT)}:{line}")
                else:
                    found.add(said, path)
    for words, path in run_time_words():
        found.add(Text(words), path)
    return found


# --- templates ---------------------------------------------------------------------------------------------------


def template_texts(path: Path) -> Iterator[Text]:
    """The texts of one template."""
    from django.template import engines

    engine = engines["django"].engine
    yield from _of_part(engine.from_string(path.read_text(encoding="utf-8")).nodelist, set())


def _of_part(part: object, seen: set[int]) -> Iterator[Text]:
    """Texts anywhere below a node, a list of nodes, an expression or what holds them."""
    from django.template.base import FilterExpression, Node
    from django.templatetags.i18n import BlockTranslateNode
    from django.utils.functional import Promise

    if isinstance(part, (list, tuple, dict)):
        for one in part.values() if isinstance(part, dict) else part:
            yield from _of_part(one, seen)
        return
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, BlockTranslateNode):
        yield _of_block(part)
    elif isinstance(part, Promise):  # `_("…")` in a filter
        yield Text(str(part._args[0]))
        return
    elif type(part).__name__ == "TranslateNode":
        yield from _of_translate(part)
    if isinstance(part, (Node, FilterExpression)) or type(part).__name__ == "TemplateLiteral":
        yield from _of_part(list(_inside(part)), seen)


def _inside(part: object) -> Iterator[Any]:
    names = [*getattr(part, "__dict__", ()), *getattr(type(part), "__slots__", ())]
    for name in names:
        if name not in {"origin", "token", "parser"}:
            yield getattr(part, name, None)


def _of_translate(node: Any) -> Iterator[Text]:  # noqa: ANN401 - Django is not typed
    literal = getattr(node.filter_expression.var, "literal", None)
    if isinstance(literal, str):
        context = getattr(getattr(node.message_context, "var", None), "literal", None) or ""
        yield Text(literal.replace("%", "%%"), context=context if isinstance(context, str) else "")


def _of_block(node: Any) -> Text:  # noqa: ANN401 - Django is not typed
    singular, _variables = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else ""
    context = getattr(getattr(node.message_context, "var", None), "literal", None)
    return Text(singular, plural, context if isinstance(context, str) else "")


# --- Python ------------------------------------------------------------------------------------------------------


def python_texts(path: Path) -> Iterator[tuple[Text | None, int]]:
    """Texts of the calls of gettext in one file with their lines; None for one that is put together at run time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:  # why something was written, as the trail keeps it
            if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant) and keyword.value.value:
                yield Text(str(keyword.value.value)), node.lineno
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in ONE | MANY | WITH_CONTEXT or not node.args:
            continue
        given = [one.value if isinstance(one, ast.Constant) else None for one in node.args[:2]]
        if isinstance(node.args[0], ast.JoinedStr):
            yield None, node.lineno
        elif not isinstance(given[0], str):
            continue  # a variable: its words are marked where they are written
        elif name in ONE:
            yield Text(given[0]), node.lineno
        else:
            second = given[1] if isinstance(given[1], str) else ""
            text = Text(given[0], second) if name in MANY else Text(second, context=given[0])
            yield text, node.lineno


# --- words of modules that know no Django, which pages put through gettext ----------------------------------------


def run_time_words() -> Iterator[tuple[str, Path]]:
    """Each word with the module it is said in."""
    for module, words in _tables():
        file = sys.modules[module].__file__ or ""
        for text in words:
            yield text, Path(file)


def _tables() -> Iterator[tuple[str, Iterable[str]]]:
    from django.apps import apps

    from untoward.assess.judgement.causality.liverpool import ORDER
    from untoward.assess.judgement.causality.naranjo import CATEGORIES
    from untoward.assess.judgement.completeness import MISSING
    from untoward.assess.rules import all_rules
    from untoward.model.mixture import Verdict
    from untoward.registry.roles import Action
    from untoward.report import words
    from untoward.report.numbers import sentence_case
    from untoward.tasks.profiles import profile_of
    from untoward.tasks.record import investigations, watch_curve
    from untoward.tasks.registry_cases import ATTRIBUTES
    from untoward.watch import outcomes
    from untoward.watch.rates import axes, measures
    from untoward.watch.workbench.definition import STANDINGS

    yield (
        words.__name__,
        [text for one in words.DISPOSITION_WORDS.values() for text in (one.action, one.short)],
    )
    yield (
        words.__name__,
        [*words.VITAL_WORDS.values(), *words.COURSE_WORDS.values(), *words.COURSE_SHORT.values()],
    )
    yield "untoward.assess.rule", [rule.name for rule in all_rules()]
    yield Action.__module__, [action.value for action in Action]
    yield Verdict.__module__, [verdict.value for verdict in Verdict]
    yield (
        "untoward.tasks.registry_cases",
        [*map(words.question_words, ATTRIBUTES), "growing", "extent", "when"],
    )
    yield "untoward.assess.judgement.completeness", MISSING
    yield "untoward.assess.judgement.causality.liverpool", ORDER
    yield "untoward.assess.judgement.causality.naranjo", [*(name for _least, name in CATEGORIES), "doubtful"]
    yield profile_of.__module__, [one.title for one in profile_of("deoxycholic-acid").sections]
    yield investigations.__name__, investigations.STEPS
    yield watch_curve.__name__, [*watch_curve.WIDTHS, watch_curve.OTHERS, watch_curve.NOT_RECORDED]
    named = [one.name for one in vars(outcomes).values() if isinstance(one, outcomes.Outcome)]
    yield outcomes.__name__, [*named, *map(sentence_case, named)]
    yield axes.__name__, axes.RATE_AXES
    yield "untoward.watch.workbench.definition", STANDINGS
    yield measures.__name__, measures.POSITIONS
    models = apps.get_app_config("registry").get_models()
    yield "untoward.registry.models", [model.__name__ for model in models]


# --- the catalogue -----------------------------------------------------------------------------------------------


def read_catalogue(path: Path = PO) -> Catalog:
    """The catalogue as it is kept; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="es", domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="es", domain="django")


def merged(found: Found, old: Catalog) -> Catalog:
    """The texts of the source with the translations that there are."""
    new = Catalog(
        locale="es",
        domain="django",
        project="untoward",
        version="1",
        copyright_holder="the untoward developers",
        msgid_bugs_address="the untoward developers",
        header_comment=old.header_comment,
        fuzzy=False,
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="The untoward developers",
        language_team="es",
    )
    for text, places in sorted(found.where.items()):
        known = old.get(text.id, text.context or None)
        string = known.string if known else ""
        new.add(
            text.id,
            string,
            locations=[(place, 0) for place in sorted(places)],
            flags=_flags(known),
            context=text.context or None,
        )
    return new


def _flags(known: Message | None) -> Iterable[str]:
    return [flag for flag in known.flags if flag == "fuzzy"] if known else []


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as text, the same every time it is written."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, sort_output=True, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The catalogue compiled."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def faults_of(found: Found, kept: Catalog, compiled: bytes | None) -> list[str]:
    """What is wrong with the catalogue, one sentence each."""
    texts = {(text.id, text.context or None): places for text, places in found.where.items()}
    known = {(message.id, message.context): message for message in kept if message.id}
    faults = [f"{place}: the text is put together at run time; use %(name)s" for place in found.unreadable]
    faults += [
        f"missing: {_shown(key)} ({', '.join(sorted(texts[key]))})" for key in texts.keys() - known.keys()
    ]
    faults += [f"dead: {_shown(key)}" for key in known.keys() - texts.keys()]
    for key in sorted(known.keys() & texts.keys(), key=str):
        faults += [f"{fault}: {_shown(key)}" for fault in message_faults(known[key])]
    if compiled != mo_bytes(kept):
        faults.append(f"not compiled: {MO.relative_to(ROOT)} is not what {PO.name} says")
    return sorted(faults)


def message_faults(message: Message) -> list[str]:
    """What is wrong with one translation: none, doubtful, or other holes and tags than the text has."""
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    if not all(strings) or len(strings) < len(ids):
        return ["not translated"]
    faults = ["doubtful"] if message.fuzzy else []
    for number, string in enumerate(strings):
        if _holes(string) != _holes(ids[min(number, len(ids) - 1)]):
            faults.append("other holes or tags")
    return faults


def _holes(text: str) -> list[str]:
    return sorted(match.group() for match in _HOLES.finditer(text.replace("%%", "")))


def _shown(key: tuple[Any, str | None]) -> str:
    return json.dumps(key[0] if isinstance(key[0], str) else key[0][0], ensure_ascii=False)


def start_django() -> None:
    """Django with the site's settings on a home of its own, so that templates can be parsed."""
    os.environ.setdefault("UNTOWARD_HOME", tempfile.mkdtemp(prefix="untoward-messages-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "untoward.web.settings")
    import django

    django.setup()


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogue, or say what is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when it is not current")
    parser.add_argument("--untranslated", action="store_true", help="print the texts without a translation")
    asked = parser.parse_args(arguments)
    start_django()
    found, old = gather(), read_catalogue()
    if asked.check:
        faults = faults_of(found, old, MO.read_bytes() if MO.exists() else None)
        print("\n".join(faults) if faults else f"{len(found.where)} texts, all in Spanish.")
        return 1 if faults else 0
    new = merged(found, old)
    open_ones = [message for message in new if message.id and "not translated" in message_faults(message)]
    if asked.untranslated:
        for message in open_ones:
            print(json.dumps(message.id, ensure_ascii=False))
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po_bytes(new))
    MO.write_bytes(mo_bytes(read_catalogue()))
    print(f"{len(found.where)} texts, {len(open_ones)} not translated, {len(found.unreadable)} unreadable.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
