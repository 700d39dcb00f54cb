"""Calling back after a while."""

from curvtui.tui.later import later

from .driving import running, until


async def test_what_is_cancelled_does_not_come_and_the_rest_does(new_app):
    app, came = new_app(), []
    async with running(app) as pilot:
        later(app, 0.01, lambda: came.append("cancelled")).cancel()
        later(app, 0.02, lambda: came.append("kept"))
        await until(pilot, lambda: "kept" in came)
        assert came == ["kept"]
