"""The log of one job: a file and the terminal, and errors that speak to the user."""

import logging
import sys
from pathlib import Path
from types import TracebackType

from facsimile.errors import UserError
from facsimile.mishaps import told


def start(path: str | Path, job: str) -> None:
    """Send messages, and an uncaught error, to a file and to the terminal.

    A `UserError` is one sentence without a traceback, and so is what befalls a job from without
    (see ``mishaps``); anything else comes with it.

    Parameters
    ----------
    path : of the log file.
    job : what the lines are about, such as ``weinet fold 1``.
    """
    layout = logging.Formatter(f"%(asctime)s {job}: %(message)s", datefmt="%H:%M:%S")
    for handler in (_File(path, mode="w"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(layout)
        logging.getLogger("facsimile").addHandler(handler)
    logging.getLogger("facsimile").setLevel(logging.INFO)
    sys.excepthook = _report


class _File(logging.FileHandler):
    """A log on a disk that may be full: the terminal has what it cannot hold."""

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def _report(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    log = logging.getLogger("facsimile")
    sentence = error if issubclass(kind, UserError) else told(error)
    if sentence:
        log.error("ERROR: %s", sentence)
    else:
        log.error("ERROR: %s", error, exc_info=(kind, error, traceback))
