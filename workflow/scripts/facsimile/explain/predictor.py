"""A network that answers for many images of one face, at the pace measured for it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from facsimile.errors import UserError
from facsimile.explain.pace import Pace, layout_of, ready
from facsimile.networks.architectures import to_pixels

log = logging.getLogger(__name__)


class Forward:
    """A network in evaluation mode with its device, precision and pace.

    Attributes
    ----------
    network : takes pixels in [0, 1], (n, 1, size, size); returns logits (n, 6).
    batch : images together.
    passes : images that went through the network so far.
    """

    def __init__(
        self, network: nn.Module, pace: Pace, device: str = "cpu", precision: str = "float32"
    ) -> None:
        self.memory_format = layout_of(pace.layout)
        self.network = ready(network, device, precision, pace.layout)
        self.device, self.batch, self.passes = torch.device(device), pace.batch, 0
        self._seconds, self._events = 0.0, []

    def pixels(self, face: np.ndarray) -> Tensor:
        """Return a uint8 face (size, size) as pixels in [0, 1], (1, 1, size, size)."""
        return to_pixels(face[None], self.device)

    def logits(self, pixels: Tensor) -> Tensor:
        """Return the logits of one batch, (n, 6) float32."""
        self.passes += len(pixels)
        with self._timed():
            return self.network(pixels.contiguous(memory_format=self.memory_format)).float()

    def probabilities(self, pixels: Tensor) -> Tensor:
        """Return the softmax probabilities of one batch, (n, 6) float32."""
        return self.logits(pixels).softmax(dim=1)

    @torch.inference_mode()
    def hiding(
        self, pixels: Tensor, labels: Tensor, kept: np.ndarray, beneath: Tensor | None = None
    ) -> np.ndarray:
        """Return the probabilities of a face with superpixels hidden, (samples, 6) float64.

        Samples are composed on the device, a batch at a time, in batches of about the same size.
        A sample is the sum of the superpixels that it shows: a product of matrices, and exact,
        since each pixel gets one term that is not zero.

        Parameters
        ----------
        pixels : (1, 1, size, size) the whole face.
        labels : (size, size) its superpixels.
        kept : (samples, superpixels) bool.
        beneath : (1, 1, size, size) what is seen where superpixels are hidden; by default black.
        """
        numbers = torch.arange(kept.shape[1], device=self.device)[:, None]
        alone = torch.where(labels.flatten() == numbers, pixels.flatten(), 0.0)
        masks = torch.from_numpy(kept).to(self.device, torch.float32)
        if beneath is not None:
            hidden = torch.where(labels.flatten() == numbers, beneath.flatten(), 0.0)
            alone, masks = torch.cat([alone, hidden]), torch.cat([masks, 1 - masks], dim=1)
        # In one piece: many small tensors, made between large ones, keep the heap from shrinking.
        answers = torch.empty((len(kept), 6), device=self.device)
        batches = -(-len(kept) // self.batch)
        for part, into in zip(
            masks.tensor_split(batches), answers.tensor_split(batches), strict=True
        ):
            into.copy_(self.probabilities((part @ alone).view(len(part), *pixels.shape[1:])))
        return answers.double().cpu().numpy()

    def halve(self) -> None:
        """Go on with batches of half the size, after the device ran out of memory.

        Raises
        ------
        UserError
            If a batch is a single image already.
        """
        if self.batch == 1:
            raise UserError(
                "The device has not the memory for a single image: free it from other programs, "
                "or lower the network's input_size."
            )
        self.batch //= 2
        log.warning("the device is out of memory: going on with batches of %d", self.batch)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        # A GPU works on while Python goes on: its own clock tells how long it took.
        if self.device.type == "cuda":
            start, stop = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            yield
            stop.record()
            self._events.append((start, stop))
        else:
            start = time.perf_counter()
            yield
            self._seconds += time.perf_counter() - start

    @property
    def seconds(self) -> float:
        """Seconds spent inside the network so far."""
        if self._events:
            torch.cuda.synchronize(self.device)
            self._seconds += sum(a.elapsed_time(b) for a, b in self._events) / 1000
            self._events.clear()
        return self._seconds
