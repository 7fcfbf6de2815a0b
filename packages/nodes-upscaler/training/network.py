"""The compact super-resolution network: what is learned, and how it folds into plain convolutions."""

import torch
import torch.nn as nn
import torch.nn.functional as F

SLOPE = 0.1
"""Slope of the leaky rectifiers below zero. ONNX Runtime joins them to the convolution before them, unlike PReLU."""


class FoldedConv(nn.Module):
    """A 3x3 convolution that is learned as the sum of itself and of a wide 3x3 followed by a 1x1.

    The sum is formed in the weights, before the convolution runs, so that it costs next to nothing in training and nothing at all
    afterwards; it makes a short training reach further. `folded` gives the one kernel that is exported.
    """

    def __init__(self, inputs: int, outputs: int, widening: int = 2, gain: float = 1.0):
        super().__init__()
        base = nn.Conv2d(inputs, outputs, 3)
        self.weight = nn.Parameter(base.weight.detach() * gain)
        self.bias = nn.Parameter(torch.zeros(outputs))
        wide = outputs * widening
        self.inner = nn.Parameter(torch.randn(wide, inputs, 3, 3) * (inputs * 9) ** -0.5)
        self.outer = nn.Parameter(torch.randn(outputs, wide) * wide**-0.5 * 0.1 * gain)

    def folded(self) -> torch.Tensor:
        return self.weight + (self.outer @ self.inner.flatten(1)).view_as(self.weight)

    def forward(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return F.conv2d(x, weight, self.bias, padding=1)


class CompactNetwork(nn.Module):
    """Enlarges RGB in 0..1 by 2 or 4: a stack of 3x3 convolutions at the small size, then a pixel shuffle.

    Blocks of two convolutions carry their input past themselves. What is learned is the difference to a 5x5 interpolation of the input,
    which begins as bicubic.
    """

    def __init__(self, scale: int, channels: int = 48, blocks: int = 5):
        super().__init__()
        self.scale, self.channels, self.blocks = scale, channels, blocks
        self.first = FoldedConv(3, channels)
        self.body = nn.ModuleList(FoldedConv(channels, channels, gain=0.5 if i % 2 else 1.4) for i in range(blocks * 2))
        self.last = FoldedConv(channels, 3 * scale**2, gain=0.1)
        self.interpolation = nn.Parameter(bicubic_kernel(scale))

    def forward(self, x: torch.Tensor, low_precision: bool = False) -> torch.Tensor:
        """`low_precision` runs the stack in bfloat16, about twice as fast where the processor has it; the interpolation stays exact."""
        weights = [conv.folded() for conv in (self.first, *self.body, self.last)]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=low_precision):
            y = F.leaky_relu(self.first(x, weights[0]), SLOPE)
            for block in range(self.blocks):
                inner, outer = self.body[2 * block], self.body[2 * block + 1]
                z = F.leaky_relu(inner(y, weights[1 + 2 * block]), SLOPE)
                y = F.leaky_relu(outer(z, weights[2 + 2 * block]) + y, SLOPE)
            y = self.last(y, weights[-1])
        return F.pixel_shuffle(y.float() + F.conv2d(x, self.interpolation, padding=2), self.scale)

    @property
    def receptive_radius(self) -> int:
        """How far, in input pixels, an output pixel looks."""
        return 2 + 2 * self.blocks

    @property
    def macs_per_pixel(self) -> int:
        """Multiplications for each input pixel, without those of the borders."""
        outputs = 3 * self.scale**2
        stack = 3 * self.channels + 2 * self.blocks * self.channels**2 + self.channels * outputs
        return 9 * stack + 25 * 3 * outputs


def bicubic_kernel(scale: int) -> torch.Tensor:
    """Catmull-Rom interpolation as a 5x5 convolution that gives all the output pixels of an input pixel, ready for a pixel shuffle."""

    def cubic(t: float) -> float:
        t = abs(t)
        if t < 1:
            return 1.5 * t**3 - 2.5 * t**2 + 1
        return -0.5 * t**3 + 2.5 * t**2 - 4 * t + 2 if t < 2 else 0.0

    taps = torch.tensor(
        [[cubic(tap - ((phase + 0.5) / scale - 0.5)) for tap in range(-2, 3)] for phase in range(scale)]
    )
    kernel = torch.zeros(3, scale, scale, 3, 5, 5)
    for channel in range(3):
        kernel[channel, :, :, channel] = torch.einsum("ai,bj->abij", taps, taps)
    return kernel.reshape(3 * scale**2, 3, 5, 5)
