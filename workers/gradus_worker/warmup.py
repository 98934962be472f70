"""What makes a child warm: the first step of anything costs a second, so it is taken at the start."""

import sys
import threading

import torch
from torch import nn

from gradus_engine.datasets.bundled import digits

# The loop holds the interpreter between two operations of torch, and whoever waits for it waits
# this long: at Python's 5 ms a commit of twenty runs, a hundred statements, would take half a second.
SWITCH_SECONDS = 0.0005
AHEAD_SECONDS = 2.0  # after the first pictures of a page that waits


def warm_up(device: str, threads: int) -> None:
    """Run one training step of a convolution, a linear layer and Adam.

    Imports, lazy kernels and, on a GPU, the device's context are paid for here instead of in
    the first step of somebody's run.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    torch.set_num_threads(threads)
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 2)).to(device)
    optimizer = torch.optim.Adam(network.parameters())
    loss = network(torch.zeros(2, 1, 8, 8, device=device)).square().mean()
    loss.backward()
    optimizer.step()
    _fetch_ahead()


def _fetch_ahead() -> None:
    """Load scikit-learn's data while nothing asks for them: the import takes a second."""
    timer = threading.Timer(AHEAD_SECONDS, digits)
    timer.daemon = True
    timer.start()
