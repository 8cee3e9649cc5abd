"""Values do not change once they are made, and cannot be given fields they do not have."""

import importlib
import inspect
import pkgutil
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

import untoward.model
from untoward.model.product import Component
from untoward.model.time import PartialDate


def _values():
    for found in pkgutil.iter_modules(untoward.model.__path__, "untoward.model."):
        module = importlib.import_module(found.name)
        for name, thing in inspect.getmembers(module, inspect.isclass):
            if thing.__module__ == module.__name__ and is_dataclass(thing):
                yield pytest.param(thing, id=f"{found.name.rsplit('.', 1)[-1]}.{name}")


VALUES = list(_values())


@pytest.mark.parametrize("value", VALUES)
def test_every_value_of_the_model_is_frozen(value):
    assert value.__dataclass_params__.frozen
    assert value.__doc__
    assert not value.__doc__.startswith(f"{value.__name__}("), "the docstring dataclass makes up says nothing"


@pytest.mark.parametrize("value", VALUES)
def test_no_default_is_shared_and_changeable(value):
    for field in fields(value):
        assert not isinstance(field.default, list | dict | set), field.name


def test_changing_one_is_refused():
    component = Component(as_named="lidocaine")
    with pytest.raises(FrozenInstanceError):
        component.as_named = "procaine"
    with pytest.raises((AttributeError, TypeError)):
        component.dose = 3
    with pytest.raises(FrozenInstanceError):
        PartialDate(2026).month = 3


@pytest.mark.parametrize("value", VALUES)
def test_fields_are_given_by_name_where_there_are_several_of_a_kind(value):
    """Positional arguments are for the few values whose order nobody can mistake."""
    by_place = {"PartialDate", "DaySpan", "Quantity", "NameIndex", "TermList", "SubstanceList"}
    assert all(field.kw_only for field in fields(value)) or value.__name__ in by_place
