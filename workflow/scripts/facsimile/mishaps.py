"""What befalls a job from without, a full disk or a drive that is gone: one sentence for each."""

import errno
import os
import re

from facsimile import devices

AGAIN = "Then give the same command again: what was done stays good, and only what was not is done."

FULL_DISK = re.compile(
    r"no space left|quota exceeded|pytorchstreamwriter failed|\d+ requested and \d+ written",
    re.IGNORECASE,
)
"""What libraries say of a full disk that do not pass on the system's own error."""

FULL, FORBIDDEN, GONE = (
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG},
    {errno.EROFS, errno.EACCES, errno.EPERM},
    {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO, errno.ESTALE, errno.ENOTCONN},
)


def told(error: BaseException) -> str | None:
    """Return one sentence on what befell a job: what, where, what to do; of other errors None."""
    number, where = getattr(error, "errno", None), _place_of(error)
    if number in FULL or FULL_DISK.search(str(error)):
        return f"The disk is full{where}. Make room (df -h shows where there is none). {AGAIN}"
    if number == errno.EROFS:
        return f"The disk is read-only{where}: have it mounted so that it can be written. {AGAIN}"
    if number in FORBIDDEN:
        return f"No permission{where}: give yourself the right to read and write it. {AGAIN}"
    if number in GONE:
        return (
            f"A file is gone or cannot be read{where} ({os.strerror(number)}). It was there as "
            f"this run began: see whether its disk or network drive is still connected. {AGAIN}"
        )
    if isinstance(error, MemoryError) or (isinstance(error, Exception) and devices.is_full(error)):
        return _short_of_memory(str(error))
    if type(error).__name__ == "TerminatedWorkerError":
        return _short_of_memory("the system ended a process")
    return None


def _place_of(error: BaseException) -> str:
    names = (getattr(error, "filename2", None), getattr(error, "filename", None))
    return next((f" at {name}" for name in names if name is not None), "")


def _short_of_memory(why: str) -> str:
    said = f" ({why.splitlines()[0]})" if why else ""
    return (
        f"The memory is used up{said}. Run fewer jobs at once (--cores), or set a smaller "
        f"`inference: batch_size` or `batch_size` of the network. {AGAIN}"
    )
