"""The examples in the language's own docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import gradus

MODULES = sorted(module.name for module in pkgutil.walk_packages(gradus.__path__, "gradus."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    found = [doctest.DocTestFinder().find(importlib.import_module(name)) for name in MODULES]
    assert sum(bool(test.examples) for tests in found for test in tests) > 10
