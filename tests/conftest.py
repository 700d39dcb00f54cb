"""What concerns the whole suite."""

import gc


def pytest_collection_finish():
    """Take what all the tests' modules left in memory out of the collector's sight: a fifth of an app's time."""
    gc.collect()
    gc.freeze()
