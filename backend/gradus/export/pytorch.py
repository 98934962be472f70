"""A plan as a stand-alone PyTorch script: model, data and training loop, to be read and run.

The script draws the same first values, loads the same samples and takes them in the same order as
the service, so its losses are the service's. Only what a layer draws while it trains (dropout,
noise) comes from PyTorch's own generator. It needs torch and numpy, scikit-learn for that
library's data, and nothing of this project.
"""

from collections.abc import Sequence
from dataclasses import fields

from gradus.export import data, training
from gradus.export.code import Code
from gradus.export.first import first_values
from gradus.export.layers import write
from gradus.export.modules import Modules
from gradus.planned import ANY, DatasetPlan, NetworkPlan, Plan, TrainPlan
from gradus.problems import Report

DERIVE = '''
def derive(seed, purpose, path="", step=0):
    """The seed of one draw: a hash of what it is for, so that no draw depends on another."""
    key = f"{seed}\\x1f{purpose}\\x1f{path}\\x1f{step}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 1
'''
NAMES = '''
def layer_name(path):
    """The service's name of a parameter: `stage/0/conv.weight` for `stage.0.conv.weight`."""
    layer, _, tensor = path.rpartition(".")
    return PATH + "." + tensor
'''
WEIGHTS = '''
@torch.no_grad()
def load_weights(model, path):
    """Weights and running statistics from a safetensors file, by the service's names."""
    file = Path(path).read_bytes()
    size = int.from_bytes(file[:8], "little")
    header = json.loads(file[8 : 8 + size])
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        stored = header[layer_name(name)]
        start, end = stored["data_offsets"]
        body = bytearray(file[8 + size + start : 8 + size + end])
        tensor.copy_(torch.frombuffer(body, dtype=DTYPES[stored["dtype"]]).reshape(stored["shape"]))
'''
MAIN = """
def main():
    torch.manual_seed(SEED)
    model = network()
    parts = load()
    for epoch, losses in enumerate(train(model, *parts["train"]), 1):
        if epoch == 1 or epoch % max(1, EPOCHS // 20) == 0:
            said = f"epoch {epoch}: training loss {sum(losses) / len(losses):.4f}"
VALIDATION            print(said)
TEST

if __name__ == "__main__":
    main()
"""
VALIDATION = """\
            lossTAKEN = evaluate(model, *parts["validation"])
            said += f", validation loss {loss:.4f}SAID"
"""
TEST = """\
    lossTAKEN = evaluate(model, *parts["test"])
    print(f"test loss {loss:.4f}SAID")
"""
NETWORK = '''
def network():
    """The network with its first values, or with those of the file beside this script."""
    model = Network()
INITIAL    weights = Path(__file__).with_name("weights.safetensors")
    if weights.exists():
        load_weights(model, weights)
    return modelDOUBLE
'''
DRY = """
if __name__ == "__main__":
    model = network().eval()
    with torch.no_grad():
        output = model(INPUTS)
    print(model)
    print(sum(each.numel() for each in model.parameters()), "parameters,", "output", SHAPE)
"""
DTYPES = 'DTYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}'

# What this text says of a plan. Whatever else one holds is refused, never left out.
KNOWN: dict[type, set[str]] = {
    Plan: {"resolved", "hash", "networks", "dataset", "train", "totals", "advice"},
    NetworkPlan: {"name", "inputs", "layers", "output", "dtypes", "ties"},
    DatasetPlan: {
        "name", "version", "options", "split", "task", "input", "target", "classes", "sizes",
    },
    TrainPlan: {
        "epochs", "batch_size", "optimizer", "losses", "metrics", "order", "schedule", "clip",
        "gradient_noise", "l1", "l2", "tier", "precision", "on_nan", "seed",
    },
}  # fmt: skip
PLACES: dict[type, str] = {
    Plan: "",
    NetworkPlan: "/network",
    DatasetPlan: "/data",
    TrainPlan: "/train",
}


def pytorch(plan: Plan, *, title: str = "") -> str:
    """The script. `title` is shown in its first line.

    Raises:
        SpecError: naming every word of the document that no script can say.
    """
    report = Report()
    _refuse_unknown(plan, report)
    lone = _lone(plan)
    codes = {
        layer.name: code
        for layer in plan.network.layers
        if (code := write(layer, report, lone=lone)) is not None
    }
    report.raise_if_any()
    text = _script(plan, codes, title, report)
    report.raise_if_any()
    return text


def _refuse_unknown(plan: Plan, report: Report) -> None:
    if len(plan.networks) != 1:
        report.add("export.word", "/networks", word="networks")
        report.raise_if_any()
    held = (plan, plan.network, plan.train, plan.dataset)
    for part in [each for each in held if each is not None]:
        for each in fields(part):
            value = getattr(part, each.name)
            if each.name not in KNOWN[type(part)] and value:
                place = f"{PLACES[type(part)]}/{each.name}"
                report.add("export.word", place, word=each.name)
    if plan.train.precision not in ("float32", "float64"):
        precision = plan.train.precision
        report.add("export.value", "/train/precision", field="precision", value=precision)


def _lone(plan: Plan) -> bool:
    """Whether some batch of the training has a single sample."""
    if plan.dataset is None:
        return False
    return plan.train.batch_size == 1 or plan.dataset.sizes["train"] % plan.train.batch_size == 1


def _script(plan: Plan, codes: dict[str, Code], title: str, report: Report) -> str:
    modules = Modules(plan.network, codes, training.wanted(plan))
    helpers = list(dict.fromkeys(text for code in codes.values() for text in code.helpers))
    classes = modules.classes([_class_name(text) for text in helpers])
    double = plan.train.precision == "float64"
    first = first_values(plan.network.layers, codes, modules, report)
    parts = [*helpers, *classes, DERIVE, _names(modules), first, WEIGHTS]
    initial = "    initialise(model)\n" if first else ""
    made = NETWORK.replace("INITIAL", initial).replace("DOUBLE", ".double()" if double else "")
    parts.append(made)
    constants = [f"SEED = {plan.train.seed}"]
    if plan.dataset is None:
        parts.append(_dry(plan.network, double))
    else:
        parts += [data.data(plan.dataset, double, report), training.training(plan, report)]
        parts.append(_main(plan, plan.dataset))
        constants += [*training.constants(plan.train), *data.constants(plan.dataset)]
    body = "\n\n".join(part.strip("\n") + "\n" for part in parts if part)
    return "\n".join(
        [_head(plan, title), *_imports(body, plan.dataset), "", *constants, DTYPES, "", "", body]
    )


def _class_name(text: str) -> str:
    return text.strip().split("(")[0].removeprefix("class ")


def _head(plan: Plan, title: str) -> str:
    """The docstring of the module. A title is somebody's text: nothing of it may end the string."""
    said = "".join(sign for sign in title if sign.isprintable() and sign not in '"\\')[:100]
    lines = [
        f'"""{said or "A network"}: {plan.totals.parameters:,} parameters, written by Gradus.',
        "",
    ]
    lines += ["    python model.py", ""]
    if plan.dataset is None:
        lines += ["builds it and computes one output; the spec names no data to train on."]
    else:
        lines += [
            "trains it on the same samples in the same order as the service did, from the same first",
            "values. Layers that draw while they train (dropout, noise) draw other numbers.",
        ]
    lines += [
        "Where `weights.safetensors` lies beside this file it starts from those weights.",
        f"Spec {plan.hash}.",
        '"""',
        "",
    ]
    return "\n".join(lines)


def _imports(body: str, dataset: DatasetPlan | None) -> list[str]:
    lines = ["import json"]
    lines += ["import math"] if "math." in body else []
    lines += ["from collections import OrderedDict"] if "OrderedDict" in body else []
    lines += ["from hashlib import blake2b", "from pathlib import Path", ""]
    own = ["import torch", *(["import torch.nn.functional as F"] if "F." in body else [])]
    if dataset is None:
        return [*lines, *own, "from torch import nn"]
    first, *others = data.imports(dataset)
    return [*lines, first, *own, *others, "from torch import nn"]


def _names(modules: Modules) -> str:
    renamed = modules.names.renamed
    if not renamed:
        return NAMES.replace("PATH", 'layer.replace(".", "/")')
    pairs = ", ".join(f'"{own}": "{part}"' for own, part in renamed.items())
    path = '"/".join(RENAMED.get(part, part) for part in layer.split("."))'
    table = f"RENAMED = {{{pairs}}}  # attributes, and what the service calls these parts\n"
    return table + "\n" + NAMES.replace("PATH", path)


def _main(plan: Plan, dataset: DatasetPlan) -> str:
    measure = "r2" if dataset.task == "regression" else "accuracy"
    taken, said = f", {measure}", f", {measure} {{{measure}:.4f}}"
    if not training.is_judged(plan):
        taken = said = ""
    validation = VALIDATION if dataset.sizes["validation"] else ""
    test = TEST if dataset.sizes["test"] else ""
    text = MAIN.replace("VALIDATION", validation).replace("TEST", test)
    return text.replace("TAKEN", taken).replace("SAID", said)


def _dry(network: NetworkPlan, double: bool) -> str:
    def made(name: str, sizes: Sequence[int]) -> str:
        # Seven stands for any length.
        shape = ", ".join(str(7 if size == ANY else size) for size in sizes)
        if network.dtypes.get(name) == "int64":
            return f"torch.zeros(2, {shape}, dtype=torch.int64)"
        return f"torch.rand(2, {shape}{', dtype=torch.float64' if double else ''})"

    inputs = ", ".join(made(name, shape) for name, shape in network.inputs.items())
    return DRY.replace("INPUTS", inputs).replace("SHAPE", "tuple(output.shape)")


__all__ = ["pytorch"]
