"""Exported scripts as modules, and the engine's numbers beside theirs."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from gradus.planned import ANY, Plan
from gradus_engine.build import Network, build

LENGTH = 6  # of what may have any length


def load(text: str, folder: Path) -> ModuleType:
    """The script, written into `folder` and imported from there; it runs nothing by that."""
    path = folder / "model.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("model", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def keep(network: Network, folder: Path) -> Path:
    """The network's weights beside the script, as a run keeps them."""
    path = folder / "weights.safetensors"
    state = network.layers.own_state()
    save_file({name: each.contiguous() for name, each in sorted(state.items())}, path)
    return path


def samples(plan: Plan) -> list[Tensor]:
    """Two samples for each input."""
    generator = torch.Generator().manual_seed(1)
    given = []
    for name, shape in plan.network.inputs.items():
        sizes = [2, *(LENGTH if size == ANY else size for size in shape)]
        if plan.network.dtypes.get(name) == "int64":
            given.append(torch.randint(0, 9, sizes, generator=generator))
        else:  # from 0 to 1, which a neighbourhood may be weighed by too
            given.append(torch.rand(sizes, generator=generator))
    return given


@torch.no_grad()
def answers(network: Network, given: list[Tensor]) -> Tensor:
    """What the engine's network says, in eval mode."""
    named: Any = dict(zip(network.plan.inputs, given, strict=True))
    answer: Tensor = network.eval()(named)
    return answer


@torch.no_grad()
def said(model: torch.nn.Module, given: list[Tensor]) -> Tensor:
    """What the script's network says: its output, where it gives more."""
    answer = model.eval()(*given)
    return answer[0] if isinstance(answer, tuple) else answer


def assert_equal_first_values(script: ModuleType, plan: Plan) -> torch.nn.Module:
    """The script's own network starts from the very numbers that the engine draws."""
    model, own = script.network(), build(plan).layers.own_state()
    found = {script.layer_name(name): each for name, each in model.named_parameters()}
    assert found.keys() <= own.keys()
    assert sum(each.numel() for each in found.values()) == plan.totals.parameters
    for name, values in found.items():
        assert torch.equal(values, own[name]), name
    return model
