"""How a run ends: without waiting for timers of the scheduler's that have nothing left to do."""

from threading import Timer, enumerate as all_threads


def cancel_timers():
    """Cancel the timers that the scheduler has set for further passes, now that none will come.

    Snakemake sets one at each pass of its loop while jobs wait, and waits for the last of them before
    it ends. The profiles let them run for an hour, since each makes a pass more and sets another.
    """
    for thread in all_threads():
        if isinstance(thread, Timer):
            thread.cancel()
