"""Doing with fewer images at once what a device has not the memory for."""

import logging
from collections.abc import Callable
from typing import TypeVar

from facsimile import devices
from facsimile.errors import UserError

log = logging.getLogger(__name__)

Result = TypeVar("Result")


def sparing(
    work: Callable[[int], Result], at_once: int, device: str, least: int = 1
) -> tuple[Result, int]:
    """Return what ``work`` gives, and how many images at once it could take.

    Parameters
    ----------
    work : takes how many images to take at once; it is begun anew with half as many each time that
        memory is short.
    at_once, least : images, at first and at the end.
    device : whose memory it is.

    Raises
    ------
    UserError
        If the memory is too short for ``least`` images.
    """
    while True:
        try:
            return work(at_once), at_once
        except Exception as error:  # of several kinds, by device
            if not devices.is_full(error):
                raise
        # Not before here are the tensors let go that what failed had made.
        devices.free(device)
        if at_once <= least:
            raise UserError(
                f"The device {device} has not the memory for {at_once} images of this network at "
                "once: free it from other programs, or lower the network's `input_size`."
            )
        at_once = max(least, at_once // 2)
        log.warning("%s is out of memory: going on with %d images at once", device, at_once)
