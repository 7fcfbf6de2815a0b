"""Measures a network on photos it has not seen, against Lanczos: RGB PSNR and SSIM after a clean bicubic downscale."""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter

from checkpoint import load_network
from data import load_photo, shrink


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal to noise ratio of two uint8 pictures over all channels, in decibels."""
    return float(10 * np.log10(255**2 / np.mean((a.astype(np.float64) - b) ** 2)))


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Structural similarity of the luma of two uint8 pictures, 0 to 1, with the usual Gaussian window (sigma 1.5)."""
    weights = np.array([0.299, 0.587, 0.114])

    def smooth(x: np.ndarray) -> np.ndarray:
        kernel = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
        kernel /= kernel.sum()
        for axis in (0, 1):
            windows = np.lib.stride_tricks.sliding_window_view(x, 11, axis=axis)
            x = windows @ kernel
        return x

    x, y = a @ weights, b @ weights
    mx, my = smooth(x), smooth(y)
    vx, vy, cov = smooth(x * x) - mx * mx, smooth(y * y) - my * my, smooth(x * y) - mx * my
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))))


def enlarge(network: torch.nn.Module, small: np.ndarray) -> np.ndarray:
    """Runs a network on a uint8 picture and rounds as a written file does."""
    x = torch.from_numpy(small.astype(np.float32) / 255).permute(2, 0, 1)[None].to(memory_format=torch.channels_last)
    with torch.no_grad():
        y = network(x)[0].permute(1, 2, 0)
    return np.rint(np.clip(y.numpy(), 0, 1) * 255).astype(np.uint8)


def lanczos(small: np.ndarray, scale: int) -> np.ndarray:
    return np.asarray(Image.fromarray(small).resize((small.shape[1] * scale, small.shape[0] * scale), Image.LANCZOS))


def load_validation(folder: Path, scale: int, crop: int | None = None) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Name, small and large picture of every photo of a folder; `crop` takes a square from the middle, to measure quickly."""
    found = []
    for path in sorted(folder.glob("*.webp")):
        large = load_photo(path, scale)
        if crop:
            top, left = ((side - crop) // 2 for side in large.shape[:2])
            large = np.ascontiguousarray(large[top : top + crop, left : left + crop])
        found.append((path.stem, shrink(large, scale), large))
    return found


def mean_gain(network: torch.nn.Module, pictures, scale: int) -> tuple[float, float]:
    """Mean PSNR of the network, and by how much it is above that of Lanczos."""
    ours = [psnr(enlarge(network, small), large) for _, small, large in pictures]
    base = [psnr(lanczos(small, scale), large) for _, small, large in pictures]
    return float(np.mean(ours)), float(np.mean(ours) - np.mean(base))


def as_used(small: np.ndarray) -> np.ndarray:
    """A picture as it is met in use: slightly soft, slightly noisy, JPEG 80. Seeded, so that every network meets the same."""
    import io

    soft = np.asarray(Image.fromarray(small).filter(ImageFilter.GaussianBlur(0.4)), dtype=np.float64)
    noisy = np.clip(soft + np.random.default_rng(7).normal(0, 2, soft.shape), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=80)
    return np.asarray(Image.open(buffer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--photos", type=Path, required=True, help="folder of validation photos (*.webp)")
    options = parser.parse_args()
    torch.set_num_threads(2)
    network = load_network(options.checkpoint)
    scale = network.scale
    pictures = load_validation(options.photos, scale)
    print(f"{network.macs_per_pixel} MAC per input pixel, receptive radius {network.receptive_radius} px")
    for title, treat in (("clean bicubic downscale", lambda small: small), ("blur 0.4, noise 2, JPEG 80", as_used)):
        print(f"\n{title}\n| photo | Lanczos PSNR | ours | gain | Lanczos SSIM | ours |\n| --- | --- | --- | --- | --- | --- |")
        rows = []
        for name, small, large in pictures:
            small = treat(small)
            base, ours = lanczos(small, scale), enlarge(network, small)
            rows.append((psnr(base, large), psnr(ours, large), ssim(base, large), ssim(ours, large)))
            print_row(name, rows[-1])
        print_row("mean", tuple(np.mean(rows, axis=0)))


def print_row(name: str, row: tuple[float, float, float, float]) -> None:
    a, b, c, d = row
    print(f"| {name} | {a:.2f} | {b:.2f} | {b - a:+.2f} | {c:.4f} | {d:.4f} |", flush=True)


if __name__ == "__main__":
    main()
