"""How long a run still takes is told from how long its jobs took."""

import logging
import time
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from facsimile.remaining import APART, Remaining


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self):
        return self.now


def job(jobid, rule, threads=1, output=("a",)):
    return SimpleNamespace(
        jobid=jobid, rule=SimpleNamespace(name=rule), threads=threads, output=output
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def run(clock):
    """A run of six trainings, one explanation and a target without work, and what it says."""
    jobs = [job(number, "train_network") for number in range(6)]
    jobs += [job(6, "explain_faces"), job(7, "all", output=())]
    said = []
    return SimpleNamespace(listener=Remaining(jobs, said.append, clock), said=said, clock=clock)


def event(run, kind, after=0.0, **what):
    run.clock.now += after
    record = logging.makeLogRecord({"msg": None, "event": kind, **what})
    run.listener.emit(record)


def until(clock, seconds):
    return time.strftime("%H:%M", time.localtime(clock.now + seconds))


def test_two_at_a_time_take_half_as_long(run):
    event(run, LogEvent.JOB_STARTED, jobs=[0, 1])
    event(run, LogEvent.JOB_FINISHED, 120, job_id=0)
    event(run, LogEvent.JOB_STARTED, jobs=[2])
    assert len(run.said) == 1, "after the first, while the second still ran for as long"
    event(run, LogEvent.JOB_FINISHED, job_id=1)
    event(run, LogEvent.JOB_STARTED, jobs=[3])
    assert run.listener.sentence() == (
        f"Roughly 5 min left, until {until(run.clock, 300)}: 5 jobs, most of it 4 train_network, "
        "1 explain_faces (1 of kinds not timed yet)."
    )
    event(run, LogEvent.JOB_FINISHED, 120, job_id=2)
    event(run, LogEvent.JOB_FINISHED, job_id=3)
    event(run, LogEvent.JOB_STARTED, jobs=[4, 5])
    event(run, LogEvent.JOB_STARTED, jobs=[6])
    event(run, LogEvent.JOB_FINISHED, 60, job_id=6)
    assert run.listener.sentence() == (
        f"About 1 min left, until {until(run.clock, 60)}: 2 jobs, most of it 2 train_network."
    )


def test_it_is_told_once_a_minute_and_not_at_the_end(run):
    event(run, LogEvent.JOB_STARTED, jobs=list(range(7)))
    for number in range(5):
        event(run, LogEvent.JOB_FINISHED, APART / 2, job_id=number)
    assert len(run.said) == 2
    event(run, LogEvent.JOB_FINISHED, APART, job_id=5)
    event(run, LogEvent.JOB_FINISHED, APART, job_id=6)
    assert len(run.said) == 3, "nothing is left to tell of"


def test_jobs_of_many_threads_count_as_many(clock):
    jobs = [job(0, "read_corpus", 2), job(1, "read_corpus", 2)]
    listener = Remaining(jobs, print, clock)
    run = SimpleNamespace(listener=listener, clock=clock)
    event(run, LogEvent.JOB_STARTED, jobs=[0])
    event(run, LogEvent.JOB_FINISHED, 300, job_id=0)
    assert listener.sentence().startswith("About 5 min left")


def test_other_messages_and_jobs_of_others_pass(run):
    run.listener.emit(logging.makeLogRecord({"msg": "a message"}))
    event(run, LogEvent.JOB_FINISHED, job_id=99)
    event(run, LogEvent.PROGRESS, done=1, total=8)
    assert not run.said
