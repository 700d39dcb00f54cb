"""Draw the README's picture anew: the explorer on the running example, after a run.

python tests/benchmarks/picture.py
"""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tui"))

from driving import press, settled

from curvtui.engine.descent.settings import RunSettings
from curvtui.engine.surface.surface import open_surface
from curvtui.tui.app import CurvtuiApp
from curvtui.tui.explorer import Explorer

PICTURE = Path(__file__).resolve().parents[1] / "tui" / "picture.svg"


async def screenshot() -> str:
    """Return the screen after 90 steps of momentum, as SVG."""
    explorer = Explorer(open_surface("quartic"), RunSettings("momentum", {"lr": 0.01}), (1.1, -1.3))
    with tempfile.TemporaryDirectory() as folder:
        app = CurvtuiApp(explorer, config=Path(folder), state=Path(folder))
        async with app.run_test(size=(120, 38)) as pilot:
            await press(pilot, *["N"] * 9)
            await settled(pilot)
            return app.export_screenshot(title="curvtui")


def main() -> None:
    """Write the picture."""
    svg = asyncio.run(screenshot())
    # Fonts are the reader's own: the picture must not fetch any.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), encoding="utf-8")
    print(f"{PICTURE.name}: {len(svg):,} characters")


if __name__ == "__main__":
    main()
