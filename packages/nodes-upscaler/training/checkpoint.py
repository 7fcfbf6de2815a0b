"""What a training writes down from time to time, so that it can go on after a stop."""

import os
from pathlib import Path

import torch

from network import CompactNetwork


def save(path: Path, network: CompactNetwork, averaged: dict, optimizer: torch.optim.Optimizer, progress: dict) -> None:
    """Writes to a file beside the old one and renames, so that a stop in between leaves the old one whole."""
    shape = {"scale": network.scale, "channels": network.channels, "blocks": network.blocks}
    content = {"shape": shape, "network": network.state_dict(), "averaged": averaged, "optimizer": optimizer.state_dict()}
    torch.save({**content, "progress": progress}, f"{path}.part")
    os.replace(f"{path}.part", path)


def load_network(path: Path) -> CompactNetwork:
    """The network with its averaged weights, as it is measured and exported."""
    content = torch.load(path)
    network = CompactNetwork(**content["shape"])
    network.load_state_dict(content["averaged"])
    return network.eval().to(memory_format=torch.channels_last)


def start_from(network: CompactNetwork, path: Path) -> None:
    """Takes over the weights of a network of another scale, all but those that draw the larger picture."""
    averaged = torch.load(path)["averaged"]
    fitting = {name: value for name, value in averaged.items() if name.startswith(("first.", "body."))}
    network.load_state_dict(fitting, strict=False)
