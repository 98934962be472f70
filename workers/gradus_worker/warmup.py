"""What makes a child warm: the first step of anything costs a second, so it is taken at the start."""

import importlib
import sys
import threading

import torch
from torch import nn

from gradus_engine.datasets.bundled import digits
from gradus_engine.dense import cache
from gradus_engine.flat import FlatParameters
from gradus_engine.optimizers import Adam

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
    # The engine's own rule: the first call of one of `torch.optim` imports torch's compiler.
    rule = Adam(FlatParameters(network.named_parameters()), {"betas": (0.9, 0.999), "eps": 1e-8})
    loss = network(torch.zeros(2, 1, 8, 8, device=device)).square().mean()
    torch.autograd.backward(loss)
    rule.update(0.001)
    _fetch_ahead()


def _fetch_ahead() -> None:
    """Load while nothing asks for it what takes a moment: the digits, the compiled loop."""
    timer = threading.Timer(AHEAD_SECONDS, load)
    timer.daemon = True
    timer.start()


def load() -> None:
    """What somebody will soon ask for."""
    digits()
    if cache.available():
        for name in cache.KERNELS:
            importlib.import_module(name)
