"""A network that answers for many images of one face, as fast as measured for it."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from facsimile import EXPRESSIONS, devices
from facsimile.errors import UserError
from facsimile.explain.throughput import Throughput, layout_of, ready
from facsimile.networks.checkpoints import load_finished
from facsimile.networks.evaluation import load
from facsimile.networks.finished import Finished
from facsimile.networks.network import to_pixels
from facsimile.networks.recipe import Recipe

log = logging.getLogger(__name__)


class Predictor:
    """A network in evaluation mode, with its device, precision, batch size and memory layout.

    Attributes
    ----------
    network : takes pixels in [0, 1], (n, 1, size, size), in colour (n, 3, size, size); returns
        logits (n, answers), of which the first six are the expressions'.
    batch_size : images together.
    passes : images that went through the network so far.
    """

    def __init__(
        self,
        network: nn.Module,
        throughput: Throughput,
        device: str = "cpu",
        precision: str = "float32",
    ) -> None:
        self.memory_format = layout_of(throughput.layout)
        self.network = ready(network, device, precision, throughput.layout)
        self.device, self.batch_size, self.passes = torch.device(device), throughput.batch_size, 0
        self._seconds = 0.0
        self._events: list[tuple[torch.cuda.Event, torch.cuda.Event]] = []

    def pixels(self, face: np.ndarray) -> Tensor:
        """Return a uint8 face (size, size) as pixels in [0, 1], (1, 1, size, size).

        In colour it is (size, size, 3), and becomes (1, 3, size, size).
        """
        return to_pixels(face[None], self.device)

    def logits(self, pixels: Tensor) -> Tensor:
        """Return the logits of one batch, (n, answers) float32."""
        self.passes += len(pixels)
        with self._timed():
            return self.network(pixels.contiguous(memory_format=self.memory_format)).float()

    def probabilities(self, pixels: Tensor) -> Tensor:
        """Return the softmax probabilities of one batch, (n, answers) float32."""
        return self.logits(pixels).softmax(dim=1)

    @torch.inference_mode()
    def predict_masked(
        self,
        pixels: Tensor,
        labels: Tensor,
        masks: np.ndarray,
        baseline: Tensor | None = None,
        edge: float = 0.0,
    ) -> np.ndarray:
        """Return the probabilities of a face with superpixels hidden, (samples, 6) float64.

        Samples are composed on the device, a batch at a time, in batches of about the same size.
        A sample is the sum of the superpixels that it shows: a product of matrices, and exact where
        edges are sharp, since each pixel gets one term that is not zero. What a network answers
        beside the six expressions is in the softmax, and not returned.

        Parameters
        ----------
        pixels : (1, channels, size, size) the whole face.
        labels : (size, size) its superpixels.
        masks : (samples, superpixels) bool, true where a superpixel is shown.
        baseline : what is seen where superpixels are hidden, like the pixels; None is black.
        edge : how softly superpixels end: standard deviation of a Gaussian, in pixels.
        """
        here = labels == torch.arange(masks.shape[1], device=self.device)[:, None, None, None]
        share = _softened(here, edge)
        alone = (share * pixels).flatten(1)
        shown = torch.from_numpy(masks).to(self.device, torch.float32)
        if baseline is not None:
            hidden = (share * baseline).flatten(1)
            alone, shown = torch.cat([alone, hidden]), torch.cat([shown, 1 - shown], dim=1)
        # In one piece: many small tensors, made between large ones, keep the heap from shrinking.
        answers = torch.empty((len(masks), len(EXPRESSIONS)), device=self.device)
        batches = -(-len(masks) // self.batch_size)
        for part, into in zip(
            shown.tensor_split(batches), answers.tensor_split(batches), strict=True
        ):
            images = (part @ alone).view(len(part), *pixels.shape[1:])
            into.copy_(self.probabilities(images)[:, : len(EXPRESSIONS)])
        return answers.cpu().double().numpy()

    def halve(self) -> None:
        """Go on with batches of half the size, after the device ran out of memory.

        Raises
        ------
        UserError
            If a batch is a single image already.
        """
        if self.batch_size == 1:
            raise UserError(
                "The device has not the memory for a single image: free it from other programs, "
                "or lower the network's input_size."
            )
        self.batch_size //= 2
        log.warning("the device is out of memory: going on with batches of %d", self.batch_size)
        devices.free(str(self.device))

    @contextmanager
    def _timed(self) -> Iterator[None]:
        # A GPU works on while Python goes on: its own clock tells how long it took.
        if self.device.type == "cuda":
            first, last = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            first.record()
            yield
            last.record()
            self._events.append((first, last))
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


def _softened(here: Tensor, edge: float) -> Tensor:
    """Return the share that each superpixel has in each pixel, (superpixels, 1, size, size).

    They add up to one in each pixel. Beyond its edges the face goes on as in a mirror.
    """
    if edge == 0:
        return here.float()
    from scipy.ndimage import gaussian_filter

    share = gaussian_filter(
        here.cpu().numpy().astype(np.float32), (0, 0, edge, edge), mode="mirror"
    )
    return torch.from_numpy(share).to(here.device)


def predictor_loader(
    network: Recipe | Finished,
    weights: Mapping[tuple[str, str], str | Path],
    measured: Sequence[str | Path],
    device: str,
    batch_size: int,
    precision: str,
) -> Callable[[int, int], Predictor]:
    """Return a function that gives the network trained for a repeat and fold.

    Parameters
    ----------
    network : how it was trained, or the finished one, which is the same for all.
    weights : repeat and fold, as text, to file; of a finished one none.
    measured : the file with what ``throughput.sweep`` found, or none: then ``batch_size`` holds.
    """
    found = [Throughput.best(pd.read_csv(path)) for path in measured]
    throughput = found[0] if found else Throughput(batch_size)

    def load_predictor(repeat: int, fold: int) -> Predictor:
        files = [weights[str(repeat), str(fold)]] if weights else []
        return Predictor(
            load_network(network, *files, device=device), throughput, device, precision
        )

    return load_predictor


def load_network(
    network: Recipe | Finished, *weights: str | Path, device: str = "cpu"
) -> nn.Module:
    """Return a network, finished or trained here: the latter has a file of weights."""
    if isinstance(network, Finished):
        return load_finished(network, device)
    (path,) = weights
    return load(network, Path(path))
