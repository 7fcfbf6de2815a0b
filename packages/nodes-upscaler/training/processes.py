"""Several processes that train one network, each with one thread: threads wait for one another in every layer, processes once a step."""

import torch
import torch.distributed as distributed


def meet(rank: int, processes: int, port: int) -> None:
    """Waits on this machine until all are there."""
    place = f"tcp://127.0.0.1:{port}"
    distributed.init_process_group("gloo", init_method=place, rank=rank, world_size=processes)


def agree(done: float) -> float:
    """The share of the time that has passed, as the furthest sees it: all learn at the same rate and stop at the same step."""
    furthest = torch.tensor(done, dtype=torch.float64)
    distributed.all_reduce(furthest, distributed.ReduceOp.MAX)
    return furthest.item()


def share_gradients(network: torch.nn.Module, processes: int) -> None:
    """Gives every process the mean of all gradients."""
    gradients = [value.grad for value in network.parameters()]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    flat /= processes
    for gradient, part in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
        gradient.copy_(part.view_as(gradient))
