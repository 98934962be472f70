"""Exported scripts as modules, and the engine's numbers beside theirs."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from gradus.planned import ANY, NetworkPlan, Plan
from gradus_engine.build import Network, build, build_networks

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


def samples(plan: Plan, network: NetworkPlan | None = None) -> list[Tensor]:
    """Two samples for each input of a network, the plan's only one without."""
    network = network or plan.network
    generator = torch.Generator().manual_seed(1)
    given = []
    words = min([6, *(each.fields["words"] for each in network.layers if "words" in each.fields)])
    for name, shape in network.inputs.items():
        sizes = [2, *(LENGTH if size == ANY else size for size in shape)]
        if network.dtypes.get(name) == "int64":
            given.append(torch.randint(0, words, sizes, generator=generator))
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


def curves(script: ModuleType, steps: int) -> dict[str, list[float]]:
    """The losses of the script's first steps, by the service's names of their series."""
    model = script.members() if hasattr(script, "members") else script.network()
    given = [script.load()] if hasattr(script, "load") else []
    found: dict[str, list[float]] = {}
    for epoch in script.train(model, *given):
        for name, losses in (epoch if isinstance(epoch, dict) else {"": epoch}).items():
            found.setdefault(f"train/{name}/loss".replace("//", "/"), []).extend(losses)
        if all(len(losses) >= steps for losses in found.values()):
            break
    return {name: losses[:steps] for name, losses in found.items()}


def assert_equal_first_values(script: ModuleType, plan: Plan) -> torch.nn.Module:
    """The script's own network starts from the very numbers that the engine draws."""
    networks = build_networks(plan) if plan.several else build(plan)
    model, own = script.network(), networks.layers.own_state()
    found = {script.layer_name(name): each for name, each in model.named_parameters()}
    assert found.keys() <= own.keys()
    assert sum(each.numel() for each in found.values()) == plan.totals.parameters
    for name, values in found.items():
        assert torch.equal(values, own[name]), name
    return model
