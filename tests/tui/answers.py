"""What the tests of the commands share: strict JSON, and a SymPy that never comes to an end."""

import json

import pytest


def strict(text):
    """JSON as the standard has it: no NaN, no Infinity, one value and a line end."""
    assert text.isascii()
    assert text.endswith("\n")
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


ENDLESS_SYMPY = """
import sys
from curvtui.tui import background
from curvtui.engine.surface import model
def endless(tree, variables):
    while True:
        pass
model.differentiate = endless
background.PATIENCE = 0.05
from curvtui.tui.cli import main
"""
