"""A plan as a stand-alone PyTorch script: model, data and training loop, to be read and run.

The script draws the same first values, loads the same samples and takes them in the same order as
the service, so its losses are the service's. Only what a layer draws while it trains (dropout,
noise) comes from PyTorch's own generator. It needs torch and numpy, scikit-learn for that
library's data, and nothing of this project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from gradus.export import data, function, several, training
from gradus.export.code import Code
from gradus.export.first import first_values
from gradus.export.head import head, imports
from gradus.export.layers import write
from gradus.export.modules import Modules, layer_parts
from gradus.export.names import Names
from gradus.export.weights import DERIVE, DTYPES, WEIGHTS, begin, names, names_within
from gradus.planned import (
    ANY,
    CallPlan,
    DatasetPlan,
    LayerPlan,
    NetworkPlan,
    Plan,
    StepPlan,
    TrainPlan,
)
from gradus.problems import Report

MAIN = """
def main():
    torch.manual_seed(SEED)
    model = network()
    parts = load()
    for epoch, losses in enumerate(train(model, parts), 1):
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
def network(SEED):
    """The network with its first values, or with those of the file beside this script."""
    model = CLASS()
INITIAL    weights = Path(__file__).with_name("weights.safetensors")
    if FIRSTweights.exists():
        load_weights(model, weights)
BEGIN    return modelDOUBLE
'''
DRY = """
if __name__ == "__main__":
    model = network().eval()
    with torch.no_grad():
        CALL
    print(model)
    print(sum(each.numel() for each in model.parameters()), "parameters,", "output", SHAPE)
"""
NETWORKS = '''
class Networks(nn.Module):
    """All networks of the training."""

    def __init__(self):
        super().__init__()
LINES
'''
OWN = '''
    def own(self, network):
        """Parameters of a network, without those of an earlier one that it calls."""
        held = set()
        for each in self.children():
            if each is network:
                break
            held |= {id(parameter) for parameter in each.parameters()}
        return [each for each in network.parameters() if id(each) not in held]
'''

# What this text says of a plan. Whatever else one holds is refused, never left out.
KNOWN: dict[type, set[str]] = {
    Plan: {"resolved", "hash", "networks", "dataset", "train", "totals", "advice", "weights"},
    NetworkPlan: {"name", "inputs", "layers", "output", "dtypes", "ties"},
    DatasetPlan: {
        "name", "version", "options", "split", "task", "input", "target", "classes", "sizes", "words",
        "transforms",
    },
    TrainPlan: {
        "epochs", "batch_size", "optimizer", "losses", "metrics", "order", "schedule", "clip",
        "gradient_noise", "l1", "l2", "tier", "precision", "on_nan", "seed", "steps",
        "early_stopping", "ensemble", "weight_decay", "devices",
    },
    StepPlan: {"name", "update", "calls", "losses", "optimizer", "every", "repeat"},
    CallPlan: {"name", "network", "sources", "detach"},
}  # fmt: skip
PLACES: dict[type, str] = {
    Plan: "",
    NetworkPlan: "/network",
    DatasetPlan: "/data",
    TrainPlan: "/train",
    StepPlan: "/train/steps",
    CallPlan: "/train/steps",
}
PRECISIONS = ("float32", "float64", "bfloat16")


def pytorch(plan: Plan, *, title: str = "") -> str:
    """The script. `title` is shown in its first line.

    Raises:
        SpecError: naming every word of the document that no script can say.
    """
    report = Report()
    _refuse_unknown(plan, report)
    report.raise_if_any()
    text = _script(plan, title, report)
    report.raise_if_any()
    return text


def _refuse_unknown(plan: Plan, report: Report) -> None:
    calls = [call for step in plan.train.steps for call in step.calls]
    held = (plan, *plan.networks.values(), plan.train, plan.dataset, *plan.train.steps, *calls)
    for part in [each for each in held if each is not None]:
        for each in fields(part):
            value = getattr(part, each.name)
            if each.name not in KNOWN[type(part)] and value:
                place = f"{PLACES[type(part)]}/{each.name}"
                report.add("export.word", place, word=each.name)
    if any(each.artifact is None for each in plan.weights):
        report.add("export.word", "/weights", word="weights")  # nobody here knows which
    if plan.train.precision not in PRECISIONS:
        precision = plan.train.precision
        report.add("export.value", "/train/precision", field="precision", value=precision)


def _lone(plan: Plan) -> bool:
    """Whether some batch of the training has a single sample."""
    if plan.dataset is None:
        return False
    return plan.train.batch_size == 1 or plan.dataset.sizes["train"] % plan.train.batch_size == 1


def _script(plan: Plan, title: str, report: Report) -> str:
    if plan.descends:
        parts, constants, dataset = *_descent(plan, report), None
    elif plan.several:
        parts, constants, dataset = *_several(plan, report), plan.dataset
    else:
        parts, constants, dataset = *_one(plan, report), plan.dataset
    body = "\n\n".join(part.strip("\n") + "\n" for part in parts if part)
    made = [head(plan, title), *imports(body, dataset), "", *constants, DTYPES, "", "", body]
    return "\n".join(made)


Written = tuple[list[str], list[str]]  # what stands below one another, and the constants above


def _one(plan: Plan, report: Report) -> Written:
    codes = _codes(plan.network.layers, plan, report)
    modules = Modules(plan.network, codes, training.wanted(plan))
    helpers, taken = _helpers(codes)
    classes = modules.classes(taken)

    def place(layer: str) -> str:
        return modules.path(f"{layer}.").rstrip(".").replace("self", "model", 1)

    seeds = plan.train.ensemble is not None and plan.dataset is not None
    first = first_values(plan.network.layers, codes, place, report, seeds=seeds)
    parts = [*helpers, *classes, DERIVE, names(modules.names), first, WEIGHTS, begin(plan.weights)]
    parts.append(_network("Network", plan, first, seeds=seeds))
    if plan.dataset is None:
        return [*parts, _dry(plan)], [f"SEED = {plan.train.seed}"]
    parts.append(data.data(plan.dataset, plan.train.precision == "float64", report))
    parts += [training.Training(plan, modules, report).text(), _main(plan, plan.dataset)]
    return parts, _constants(plan, plan.dataset)


def _several(plan: Plan, report: Report) -> Written:
    own = {name: several.own_network(each) for name, each in plan.networks.items()}
    attributes = Names(layer_parts(plan.layers))
    codes = {name: _codes(each.layers, plan, report) for name, each in own.items()}
    helpers, taken = _helpers({f"{n}/{k}": c for n, each in codes.items() for k, c in each.items()})
    named = several.class_names(own, taken)
    modules = {
        name: Modules(each, codes[name], (each.output,), attributes) for name, each in own.items()
    }
    taken |= set(named.values())
    classes = [text for name, each in modules.items() for text in each.classes(taken, named[name])]

    def place(layer: str) -> str:
        name, _, rest = layer.partition("/")
        layer, _, tensor = rest.partition(".")
        lies = modules[name].path(f"{layer}.{tensor}").rstrip(".")
        return lies.replace("self", f"model.{attributes.attribute(name)}", 1)

    full = {f"{name}/{layer}": code for name, each in codes.items() for layer, code in each.items()}
    first = first_values(plan.layers, full, place, report)
    made = [f"        self.{attributes.attribute(n)} = {own}()" for n, own in named.items()]
    ties = several.crossing(plan.networks)
    for shared, holder in ties.items():
        sides = (place(each).replace("model", "self", 1) for each in (shared, holder))
        made.append("        " + " = ".join(sides))
    classes.append(NETWORKS.replace("LINES", "\n".join(made)) + (OWN if ties else ""))
    parts = [*helpers, *classes, DERIVE, names(attributes), first, WEIGHTS, begin(plan.weights)]
    parts.append(_network("Networks", plan, first))
    if plan.dataset is None:
        return [*parts, _dry(plan, attributes)], [f"SEED = {plan.train.seed}"]
    alternation = several.Alternation(plan, attributes, report)
    parts.append(data.data(plan.dataset, plan.train.precision == "float64", report))
    parts += [alternation.text(), several.main(plan.dataset)]
    return parts, [*_constants(plan, plan.dataset), *alternation.constants]


def _descent(plan: Plan, report: Report) -> Written:
    made = [names_within(plan.network.layers[0].name), WEIGHTS, _network("Function", plan, "")]
    parts = [function.function(plan), *made, function.descent(plan, report), function.MAIN]
    return parts, [f"SEED = {plan.train.seed}", *training.constants(plan.train)]


def _codes(layers: Sequence[LayerPlan], plan: Plan, report: Report) -> dict[str, Code]:
    lone = _lone(plan)
    written = {layer.name: write(layer, report, lone=lone) for layer in layers}
    report.raise_if_any()
    return {name: code for name, code in written.items() if code is not None}


def _helpers(codes: Mapping[str, Code]) -> tuple[list[str], set[str]]:
    """The classes that layers need, and their names."""
    texts = list(dict.fromkeys(text for code in codes.values() for text in code.helpers))
    return texts, {text.strip().split("(")[0].removeprefix("class ") for text in texts}


def _network(name: str, plan: Plan, first: str, *, seeds: bool = False) -> str:
    text = NETWORK.replace("CLASS", name).replace("FIRST", "seed == SEED and " if seeds else "")
    text = text.replace("network(SEED)", "network(seed=SEED)" if seeds else "network()")
    initial = f"    initialise(model{', seed' if seeds else ''})\n" if first else ""
    double = ".double()" if plan.train.precision == "float64" else ""
    model = "model.double()" if double else "model"  # a file may hold doubles too
    begun = f"    else:\n        begin({model})\n" if plan.weights else ""
    return text.replace("INITIAL", initial).replace("BEGIN", begun).replace("DOUBLE", double)


def _constants(plan: Plan, dataset: DatasetPlan) -> list[str]:
    members = (plan.train.ensemble or {}).get("members")
    return [
        f"SEED = {plan.train.seed}",
        *training.constants(plan.train),
        *([f"MEMBERS = {members}"] if members else []),
        *data.constants(dataset),
    ]


def _main(plan: Plan, dataset: DatasetPlan) -> str:
    measure = "r2" if dataset.task == "regression" else "accuracy"
    taken, said = f", {measure}", f", {measure} {{{measure}:.4f}}"
    if not training.is_judged(plan):
        taken = said = ""
    validation = VALIDATION if dataset.sizes["validation"] else ""
    test = TEST if dataset.sizes["test"] else ""
    text = MAIN.replace("VALIDATION", validation).replace("TEST", test)
    if plan.train.ensemble:
        text = text.replace("model = network()", "models = members()").replace(
            "(model,", "(models,"
        )
    return text.replace("TAKEN", taken).replace("SAID", said)


def _dry(plan: Plan, attributes: Names | None = None) -> str:
    """One output of every network; `attributes` where there are several."""
    double = plan.train.precision == "float64"
    if attributes is None:
        call = f"model({_inputs(plan.network, double)})"
        return DRY.replace("CALL", f"output = {call}").replace("SHAPE", "tuple(output.shape)")
    calls = [
        f'"{name}": model.{attributes.attribute(name)}({_inputs(each, double)})'
        for name, each in plan.networks.items()
    ]
    shapes = "{name: tuple(each.shape) for name, each in outputs.items()}"
    return DRY.replace("CALL", f"outputs = {{{', '.join(calls)}}}").replace("SHAPE", shapes)


def _inputs(network: NetworkPlan, double: bool) -> str:
    def made(name: str, sizes: Sequence[int]) -> str:
        # Seven stands for any length.
        shape = ", ".join(str(7 if size == ANY else size) for size in sizes)
        if network.dtypes.get(name) == "int64":
            return f"torch.zeros(2, {shape}, dtype=torch.int64)"
        return f"torch.rand(2, {shape}{', dtype=torch.float64' if double else ''})"

    return ", ".join(made(name, shape) for name, shape in network.inputs.items())


__all__ = ["pytorch"]
