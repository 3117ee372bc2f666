"""The four networks that no library holds: AlexNet as the study used it, WeiNet, SongNet, SilNet.

And a small one of our own, for what takes many networks.

Each is a convolutional backbone, and a function from its output to the dense layers after it.
Padding is 'same' as TensorFlow means it, pooling included (the odd pixel goes to the bottom and
the right): with it, and only with it, the parameters number as the study says.
"""

from timm.layers import create_conv2d, create_pool2d
from torch import nn

from facsimile import EXPRESSIONS


def alexnet_backbone() -> nn.Module:
    """Return AlexNet's convolutions: (N, 3, S, S) to (N, 256, S / 32, S / 32)."""
    return nn.Sequential(
        *_convolution(3, 96, 11, stride=4),
        _pool(3, 2),
        *_convolution(96, 256, 5),
        _pool(3, 2),
        *_convolution(256, 384, 3),
        *_convolution(384, 384, 3),
        *_convolution(384, 256, 3),
        _pool(3, 2),
    )


def alexnet_head(
    channels: int, height: int, width: int, outputs: int = len(EXPRESSIONS)
) -> nn.Module:
    """Return AlexNet's four dense layers."""
    return nn.Sequential(
        nn.Flatten(),
        *_dense(channels * height * width, 4096),
        nn.Dropout(0.4),
        *_dense(4096, 4096),
        *_dense(4096, 4096),
        nn.Dropout(0.4),
        nn.Linear(4096, outputs),
    )


def weinet_backbone() -> nn.Module:
    """Return WeiNet's convolutions: (N, 3, S, S) to (N, 64, S, S), for its pools have stride 1."""
    return nn.Sequential(
        *_convolution(3, 32, 7),
        _pool(2, 1),
        *_convolution(32, 32, 7),
        _pool(2, 1),
        *_convolution(32, 64, 7),
        _pool(2, 1),
    )


def songnet_backbone() -> nn.Module:
    """Return SongNet's convolutions: (N, 3, S, S) to (N, 32, S / 16, S / 16)."""
    return nn.Sequential(
        *_convolution(3, 64, 5),
        _pool(3, 2),
        *_convolution(64, 64, 5),
        _pool(3, 2),
        *_convolution(64, 32, 3),
        _pool(3, 2),
        nn.Dropout(0.5),
        *_convolution(32, 32, 3),
        _pool(3, 2),
        nn.Dropout(0.5),
    )


def silnet_backbone() -> nn.Module:
    """Return SilNet's convolutions: (N, 3, S, S) to (N, 64, S / 2, S / 2)."""
    return nn.Sequential(
        *_convolution(3, 32, 11),
        _pool(2, 2),
        *_convolution(32, 32, 7),
        *_convolution(32, 32, 7),
        _pool(2, 1),
        *_convolution(32, 64, 5),
        *_convolution(64, 64, 5),
        _pool(2, 1),
    )


def small_backbone() -> nn.Module:
    """Return two convolutions, cheap for their strides: (N, 3, S, S) to (N, 32, S / 8, S / 8)."""
    first = nn.Conv2d(3, 16, 5, stride=4, padding=2)
    second = nn.Conv2d(16, 32, 3, stride=2, padding=1)
    return nn.Sequential(first, nn.ReLU(inplace=True), second, nn.ReLU(inplace=True))


def silnet_head(
    channels: int, height: int, width: int, outputs: int = len(EXPRESSIONS)
) -> nn.Module:
    """Return SilNet's three dense layers."""
    return nn.Sequential(
        nn.Flatten(),
        *_dense(channels * height * width, 512),
        nn.Dropout(0.5),
        *_dense(512, 512),
        nn.Linear(512, outputs),
    )


def flat_head(channels: int, height: int, width: int, outputs: int = len(EXPRESSIONS)) -> nn.Module:
    """Return one dense layer over every place and channel, as WeiNet and SongNet have it."""
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * height * width, outputs))


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> tuple[nn.Module, ...]:
    layer = create_conv2d(inputs, outputs, kernel, stride=stride, padding="same", bias=True)
    return layer, nn.ReLU(inplace=True)


def _pool(kernel: int, stride: int) -> nn.Module:
    return create_pool2d("max", kernel, stride, padding="same")


def _dense(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Linear(inputs, outputs), nn.ReLU(inplace=True)
