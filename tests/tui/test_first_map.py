"""What the first map waits for: modules that are imported before there is one."""

import subprocess
import sys

BEFORE_THE_FIRST_MAP = """
import sys
import curvtui.tui.app
print(*sys.modules)
"""
WITH_LINES = """
import sys
import numpy as np
from curvtui.tui.drawing import plots
plotext = plots._plotext()
print(len(str(plotext.figure.build().string())), *sys.modules)
"""


def modules(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_neither_sympy_nor_plotext_nor_proofs_nor_dialogs_come_before_the_first_map():
    loaded = modules(BEFORE_THE_FIRST_MAP)
    assert "curvtui.tui.panels" in loaded
    late = ("sympy", "mpmath", "plotext", "contourpy", "curvtui.tui.screens", "curvtui.engine.critical.")
    found = {name for name in loaded if name.startswith(late)}
    assert found <= {"curvtui.engine.critical.critical_point"}


def test_plotext_comes_without_its_documentation_and_works():
    loaded = modules(WITH_LINES)
    assert "plotext" in loaded
    assert not any(name.startswith("plotext._doc.sections") for name in loaded)
