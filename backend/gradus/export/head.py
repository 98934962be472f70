"""The top of a script: what it is, and what it imports."""

from gradus.export import data
from gradus.planned import DatasetPlan, Plan


def head(plan: Plan, title: str) -> str:
    """The docstring of the module. A title is somebody's text: nothing of it may end the string."""
    said = "".join(sign for sign in title if sign.isprintable() and sign not in '"\\')[:100]
    lines = [
        f'"""{said or _what(plan)}: {plan.totals.parameters:,} parameters, written by Gradus.',
        "",
    ]
    lines += ["    python model.py", ""]
    if plan.dataset is None:
        lines += ["builds it and computes one output; the spec names no data to train on."]
    elif plan.descends:
        lines += ["goes down as the service did."]
    else:
        lines += [
            "trains it on the same samples in the same order as the service did, from the same first",
            "values. Layers that draw while they train (dropout, noise) draw other numbers.",
        ]
    lines += [
        "Where `weights.safetensors` lies beside this file it starts from those weights.",
        *_begun(plan),
        f"Spec {plan.hash}.",
        '"""',
        "",
    ]
    return "\n".join(lines)


def imports(body: str, dataset: DatasetPlan | None) -> list[str]:
    lines = ["import copy"] if "copy." in body else []
    lines += ["import itertools"] if "itertools." in body else []
    lines += ["import json"]
    lines += ["import math"] if "math." in body else []
    lines += ["from collections import OrderedDict"] if "OrderedDict" in body else []
    hashes = "blake2b, sha256" if "sha256(" in body else "blake2b"
    lines += [f"from hashlib import {hashes}", "from pathlib import Path", ""]
    own = ["import torch", *(["import torch.nn.functional as F"] if "F." in body else [])]
    if dataset is None:
        return [*lines, *own, "from torch import nn"]
    first, *others = data.imports(dataset)
    return [*lines, first, *own, *others, "from torch import nn"]


def _begun(plan: Plan) -> list[str]:
    files = [f"`{each.artifact}.safetensors`" for each in plan.weights]
    return ["Else it needs the kept weights that its spec starts from beside it:", *files] * bool(
        files
    )


def _what(plan: Plan) -> str:
    return "A function" if plan.descends else "A network"
