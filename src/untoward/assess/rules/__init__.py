"""All rules, one per file, found by walking this package; and the version of the rule set.

The version is the edition plus a hash over the text of every rule file and of the framework they stand on, so
that any change to what a rule would answer changes it.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import ModuleType

from untoward.assess.rule import Rule
from untoward.errors import Fault, RuleError
from untoward.evidence.load import EDITION


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by code. Raises RuleError when two files claim one code or a file holds no rule."""
    rules = [_rule_of(module) for module in _rule_modules()]
    codes = [rule.code for rule in rules]
    faults = [
        Fault(what="rule code used twice", got=code)
        for code in sorted({c for c in codes if codes.count(c) > 1})
    ]
    if faults:
        raise RuleError("The rule set is faulty.", faults)
    return tuple(sorted(rules, key=lambda rule: rule.code))


@lru_cache(maxsize=1)
def rule_set_version() -> str:
    """Edition and hash of the files of `untoward.assess`, such as "2026.11+sha256:0123456789ab"."""
    digest = hashlib.sha256()
    for name, content in sorted(_rule_files(resources.files("untoward.assess"), "")):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return f"{EDITION}+sha256:{digest.hexdigest()[:12]}"


def _rule_modules() -> Iterator[ModuleType]:
    for group in pkgutil.iter_modules(__path__, f"{__name__}."):
        package = importlib.import_module(group.name)
        for found in pkgutil.iter_modules(package.__path__, f"{group.name}."):
            yield importlib.import_module(found.name)


def _rule_of(module: ModuleType) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RuleError(
            "The rule set is faulty.", [Fault(what="no RULE in a rule file", file=module.__name__)]
        )
    return replace(rule, manual=(module.__doc__ or "").strip(), group=module.__name__.split(".")[-2])


def _rule_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _rule_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            yield f"{prefix}{entry.name}", entry.read_bytes()
