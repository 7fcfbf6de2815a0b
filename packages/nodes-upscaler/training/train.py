"""Trains a compact super-resolution network. Stops and goes on from its last checkpoint."""

import argparse
import math
import time
from pathlib import Path

import torch
import torch.multiprocessing as multiprocessing

from checkpoint import save, start_from
from data import Patches, load_photo, photo_names, prefetched
from evaluate import load_validation, mean_gain
from network import CompactNetwork
from processes import agree, meet, share_gradients

WARM_UP_STEPS = 200
CHECK_SECONDS = 300


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder of training photos")
    parser.add_argument("--validation", type=Path, required=True, help="folder of validation photos")
    parser.add_argument("--listing", type=Path, default=Path(__file__).with_name("training-photos.csv"))
    parser.add_argument("--out", type=Path, required=True, help="checkpoint; training goes on from it if it is there")
    parser.add_argument("--start-from", type=Path, help="checkpoint of another scale to begin with")
    parser.add_argument("--scale", type=int, choices=(2, 4), required=True)
    parser.add_argument("--minutes", type=float, required=True, help="learning time in all, over all stops")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate at its highest")
    parser.add_argument("--batch", type=int, default=8, help="patches a process takes at a time")
    parser.add_argument("--patch", type=int, default=48, help="side of a small patch, in pixels")
    parser.add_argument("--degraded", type=float, default=0.1, help="share of patches that are not clean downscales")
    parser.add_argument("--processes", type=int, default=2, help="each takes a batch of its own with one thread")
    parser.add_argument("--port", type=int, default=29501, help="where the processes meet, on this machine")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def learning_rate(highest: float, done: float, step: int) -> float:
    """Rises over the first steps, then falls along a cosine until `done` is 1."""
    return highest * min(1, (step + 1) / WARM_UP_STEPS) * (0.5 + 0.5 * math.cos(math.pi * min(1, done)) + 1e-3)


def to_tensor(pixels) -> torch.Tensor:
    return (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)


class Training:
    """A network on its way: its weights, their running average, which is what is measured and exported, and how far it is."""

    def __init__(self, o: argparse.Namespace):
        self.o = o
        torch.manual_seed(o.seed)
        self.network = CompactNetwork(o.scale).to(memory_format=torch.channels_last)
        if o.start_from:
            start_from(self.network, o.start_from)
        self.averaged = {name: value.clone() for name, value in self.network.state_dict().items()}
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=o.rate, betas=(0.9, 0.99))
        self.progress = {"step": 0, "seconds": 0.0}
        if o.out.exists():
            kept = torch.load(o.out)
            self.network.load_state_dict(kept["network"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.averaged, self.progress = kept["averaged"], kept["progress"]

    def learn(self, small: torch.Tensor, large: torch.Tensor, done: float) -> float:
        """One step; gives the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.o.rate, done, self.progress["step"])
        difference = self.network(small, low_precision=True) - large
        loss = torch.sqrt(difference * difference + 1e-6).mean()  # Charbonnier: the distance, smooth at zero
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        share_gradients(self.network, self.o.processes)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        keep = min(0.999, self.progress["step"] / (self.progress["step"] + 20))
        for name, value in self.network.state_dict().items():
            self.averaged[name].lerp_(value, 1 - keep)
        self.progress["step"] += 1
        return loss.item()

    def check(self, validation, losses: list[float]) -> None:
        """Writes a line of the curve, and a checkpoint."""
        measured = CompactNetwork(self.o.scale).to(memory_format=torch.channels_last)
        measured.load_state_dict(self.averaged)
        decibels, gain = mean_gain(measured, validation, self.o.scale)
        step, minutes = self.progress["step"], self.progress["seconds"] / 60
        loss = sum(losses) / max(1, len(losses))
        print(f"step {step}  {minutes:.1f} min  loss {loss:.5f}  PSNR {decibels:.3f} dB  {gain:+.3f} over Lanczos", flush=True)
        save(self.o.out, self.network, self.averaged, self.optimizer, self.progress)


def train(rank: int, o: argparse.Namespace) -> None:
    torch.set_num_threads(1)
    meet(rank, o.processes, o.port)
    training = Training(o)
    photos = [load_photo(o.photos / name, o.scale) for name in photo_names(o.listing)]
    validation = load_validation(o.validation, o.scale, crop=512)
    # Another seed for each process and after each stop, or the same patches would come again.
    seed = o.seed + o.processes * training.progress["step"] + rank
    batches = prefetched(Patches(photos, o.scale, o.patch, o.degraded, seed), o.batch)
    if rank == 0:
        step = training.progress["step"]
        print(f"{training.network.macs_per_pixel} MAC per pixel, {len(photos)} photos, from step {step}", flush=True)

    losses, checked = [], time.monotonic()
    while (done := agree(training.progress["seconds"] / (o.minutes * 60))) < 1:
        began = time.monotonic()
        small, large = (to_tensor(pixels) for pixels in next(batches))
        losses.append(training.learn(small, large, done))
        training.progress["seconds"] += time.monotonic() - began
        if rank == 0 and time.monotonic() - checked > CHECK_SECONDS:
            training.check(validation, losses)
            losses, checked = [], time.monotonic()
    if rank == 0:
        training.check(validation, losses)


def main() -> None:
    o = options()
    multiprocessing.spawn(train, args=(o,), nprocs=o.processes)


if __name__ == "__main__":
    main()
