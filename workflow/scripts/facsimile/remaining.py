"""How much of a run is left and when it ends, from how long the jobs of each rule have taken."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from heapq import nlargest
from statistics import fmean
from typing import Any

from snakemake_interface_logger_plugins.common import LogEvent

APART = 60
"""Seconds between two sentences."""

NAMED = 3
"""So many rules are named, those that take longest."""


class Remaining(logging.Handler):
    """Listens to Snakemake's own messages, and says now and then how long the rest will take.

    A job that waits is expected to take the mean of those of its rule that have ended, or of all
    where none has, which it says. Work is seconds times threads, and goes on as fast as so far.
    """

    def __init__(self, jobs: Iterable[Any], tell: Callable[[str], None], clock=time.time):
        """Take the jobs of a plan: each with ``jobid``, ``rule``, ``threads`` and ``output``."""
        super().__init__()
        self.tell, self.clock = tell, clock
        self.waiting = {job.jobid: (job.rule.name, job.threads) for job in jobs if job.output}
        self.running: dict[int, float] = {}
        self.work: dict[str, list[float]] = {}
        self.start = self.told = clock()

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of jobs that begin and end."""
        event = getattr(record, "event", None)
        if event == LogEvent.JOB_STARTED:
            self.running |= dict.fromkeys(record.__dict__["jobs"], self.clock())
        elif event == LogEvent.JOB_FINISHED:
            self._finished(record.__dict__["job_id"])

    def _finished(self, jobid: int) -> None:
        now = self.clock()
        began, job = self.running.pop(jobid, None), self.waiting.pop(jobid, None)
        if began is not None and job:
            rule, threads = job
            self.work.setdefault(rule, []).append((now - began) * threads)
        if now - self.told >= APART and self.waiting:
            self.told = now
            self.tell(self.sentence())

    def sentence(self) -> str:
        """Return how long the rest will take, and what it is."""
        now, untimed, under_way = self.clock(), 0, 0.0
        left: dict[str, float] = defaultdict(float)
        done = [one for some in self.work.values() for one in some]
        for jobid, (rule, threads) in self.waiting.items():
            known = self.work.get(rule)
            untimed += not known
            spent = (now - self.running[jobid]) * threads if jobid in self.running else 0.0
            under_way += spent
            left[rule] += max(0.0, fmean(known or done) - spent)
        seconds = sum(left.values()) * (now - self.start) / ((sum(done) + under_way) or 1)
        jobs = Counter(rule for rule, _ in self.waiting.values())
        longest = nlargest(NAMED, left, left.__getitem__)
        said = f"{'Roughly' if untimed else 'About'} {max(1, round(seconds / 60))} min left, until "
        said += time.strftime("%H:%M", time.localtime(now + seconds))
        said += f": {len(self.waiting)} jobs, most of it "
        said += ", ".join(f"{jobs[rule]} {rule}" for rule in longest)
        return said + (f" ({untimed} of kinds not timed yet)." if untimed else ".")
