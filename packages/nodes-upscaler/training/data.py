"""Photos in memory, and the patches that are cut from them."""

import io
import queue
import threading
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

MARGIN = 4
"""Pixels of the small picture that are made around a degraded patch and cut off, so that its edges are not those of a crop."""


def photo_names(listing: Path) -> list[str]:
    """The file names in the first column of `training-photos.csv`."""
    return [line.split(",")[0] for line in listing.read_text().splitlines()[1:]]


def load_photo(path: Path, scale: int) -> np.ndarray:
    """A photo as uint8 height x width x RGB, cut at the right and the bottom so that both sides are multiples of the scale."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    height, width = (side // scale * scale for side in pixels.shape[:2])
    return np.ascontiguousarray(pixels[:height, :width])


def shrink(pixels: np.ndarray, scale: int, kernel: int = Image.BICUBIC) -> np.ndarray:
    """The picture made smaller by a whole number, with anti-aliasing: `bicubic` is the clean downscale that results are measured on."""
    size = (pixels.shape[1] // scale, pixels.shape[0] // scale)
    return np.asarray(Image.fromarray(pixels).resize(size, kernel))


class Patches:
    """Random pairs of patches: small as the network sees it, large as it should come out.

    Most small patches are clean bicubic downscales. A share of them, `degraded`, is treated as pictures in use are: another downscale, a
    slight blur, noise, JPEG.
    """

    def __init__(self, photos: list[np.ndarray], scale: int, size: int, degraded: float, seed: int):
        self.photos, self.scale, self.size, self.degraded = photos, scale, size, degraded
        self.small = [shrink(photo, scale) for photo in photos]
        areas = np.array([photo.shape[0] * photo.shape[1] for photo in photos], dtype=np.float64)
        self.shares = areas / areas.sum()
        self.random = np.random.default_rng(seed)

    def batch(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """`count` pairs as uint8, count x height x width x RGB."""
        pairs = [self.pair() for _ in range(count)]
        return np.stack([small for small, _ in pairs]), np.stack([large for _, large in pairs])

    def pair(self) -> tuple[np.ndarray, np.ndarray]:
        index = self.random.choice(len(self.photos), p=self.shares)
        small, large, size, scale = self.small[index], self.photos[index], self.size, self.scale
        top = self.random.integers(MARGIN, small.shape[0] - size - MARGIN)
        left = self.random.integers(MARGIN, small.shape[1] - size - MARGIN)
        target = large[top * scale : (top + size) * scale, left * scale : (left + size) * scale]
        if self.random.random() < self.degraded:
            source = self.degrade(
                large[
                    (top - MARGIN) * scale : (top + size + MARGIN) * scale,
                    (left - MARGIN) * scale : (left + size + MARGIN) * scale,
                ]
            )
        else:
            source = small[top : top + size, left : left + size]
        turns, mirrored = self.random.integers(4), self.random.random() < 0.5
        return tuple(np.rot90(patch[:, ::-1] if mirrored else patch, turns) for patch in (source, target))

    def degrade(self, large: np.ndarray) -> np.ndarray:
        """A small patch made from a large one with its margin, the way that pictures of unknown origin are made."""
        chance = self.random.random
        image = Image.fromarray(large)
        if chance() < 0.3:
            image = image.filter(ImageFilter.GaussianBlur(self.random.uniform(0.1, 0.35) * self.scale))
        kernel = self.random.choice([Image.BICUBIC, Image.LANCZOS, Image.BOX, Image.BILINEAR])
        small = shrink(np.asarray(image), self.scale, int(kernel))
        if chance() < 0.3:
            noise = self.random.normal(0, self.random.uniform(0.5, 4), small.shape)
            small = np.clip(np.rint(small + noise), 0, 255).astype(np.uint8)
        if chance() < 0.6:
            buffer = io.BytesIO()
            Image.fromarray(small).save(buffer, "JPEG", quality=int(self.random.integers(60, 98)))
            small = np.asarray(Image.open(buffer))
        return small[MARGIN:-MARGIN, MARGIN:-MARGIN]


def prefetched(patches: Patches, count: int, ahead: int = 8):
    """Batches without end, made in a thread of their own while the network learns from the one before."""
    ready: queue.Queue = queue.Queue(ahead)

    def work() -> None:
        while True:
            ready.put(patches.batch(count))

    threading.Thread(target=work, daemon=True).start()
    while True:
        yield ready.get()
