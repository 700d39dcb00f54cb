"""Print what a box's analysis costs: `python tests/benchmarks/critical.py [SECONDS] [FILE.json]`.

The file is a list of benchmark surfaces, `{"rows": [{"name", "expr", "box", "fglob"}, …]}`.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from curvtui.engine.critical.analysis import analyse_box
from curvtui.engine.critical.budget import Budget
from curvtui.engine.surface.surface import Surface, open_surface

BOXES = [
    ("rastrigin", ((-5, 6), (-5, 6))),
    ("himmelblau", ((-6, 6), (-6, 6))),
    ("six_hump_camel", ((-3, 3), (-3, 3))),
    ("sin(x)*sin(y)", ((-5, 6), (-5, 6))),
    ("quartic", ((-2, 2), (-2, 2))),
    ("x**4 + y**4", ((-1, 1.3), (-1, 1.3))),
    ("monkey_saddle", ((-2, 2), (-2, 2))),
    ("x**3*y - x*y**3", ((-2, 2), (-2, 2))),
    ("(y - x**2)*(y - 3*x**2)", ((-2, 2), (-2, 2))),
    ("(x**2 + y**2 - 1)**2", ((-2, 2), (-2, 2))),
    ("x**2*y**2", ((-2, 2), (-2, 2))),
]


def row(surface: Surface, name: str, budget: Budget, repeats: int = 5) -> str:
    """Return one line of the table; the time is the least of a few, after compilation."""
    analysis = analyse_box(surface, budget=budget)
    times = [analysis.elapsed_seconds]
    for _ in range(repeats - 1 if times[0] < 0.5 else 0):
        begin = time.perf_counter()
        analysis = analyse_box(surface, budget=budget)
        times.append(time.perf_counter() - begin)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(p.kind.value for p in analysis.points).items())
    rest = Counter(region.reason.value for region in analysis.completeness.unresolved)
    least = analysis.global_minimum
    value = "-" if least is None else f"{least.value:.9g}{'' if least.certified else ' (not certified)'}"
    return (
        f"{name:26} {min(times) * 1000:8.0f} ms  {analysis.completeness.verdict.value:26} {kinds or '-'}; "
        f"open: {dict(rest) or '-'}; minimum {value}; {analysis.convexity.verdict.value}"
    )


def main() -> None:
    """Print the table."""
    budget = Budget(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0)
    for formula, box in BOXES:
        print(row(open_surface(formula, box), formula, budget))
    for each in json.loads(Path(sys.argv[2]).read_text())["rows"] if len(sys.argv) > 2 else []:
        print(row(Surface.from_formula(each["expr"], each["box"]), each["name"], budget, repeats=1))


if __name__ == "__main__":
    main()
