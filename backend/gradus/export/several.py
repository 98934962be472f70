"""Several networks in a script: a class for each, and the steps that train them by turns."""

import keyword
from collections.abc import Mapping
from dataclasses import replace

from gradus.export.following import Following, Owner
from gradus.export.losses import Terms
from gradus.export.names import CLASSES, Names, camel
from gradus.export.orders import order
from gradus.export.schedules import UNSHARED, share
from gradus.export.training import ANSWER, may_be_cut_off
from gradus.export.transforms import first_random
from gradus.planned import CallPlan, DatasetPlan, LayerPlan, NetworkPlan, Plan, Shape, StepPlan
from gradus.problems import Report

NOISE = '''
def normal(path, step, *shape):
    """Standard normal numbers: a function of the place in the training alone."""
    generator = torch.Generator().manual_seed(derive(SEED, "noise", path, step))
    return torch.empty(shapeDOUBLE).normal_(generator=generator)
'''
BATCHES = '''
def batches(y, seed):
    """Places of the samples of one batch after another, epoch after epoch."""
    for epoch in itertools.count():
        generator = torch.Generator().manual_seed(derive(seed, "order", step=epoch))
        yield from order(y, generator).split(BATCH_SIZE)
'''
EVALUATE = '''
@torch.no_grad()
def evaluate(model, x, y):
    """The loss of each step over a whole part, on the same noise every time."""
    model.eval()
    totals = dict.fromkeys(LOSSES, 0.0)
    for start in range(0, len(x), CHUNK):
        inputs, targets = x[start : start + CHUNK], y[start : start + CHUNK]
        for name, loss in LOSSES.items():
            value = loss(model, inputs, targets, len(inputs), f"evaluation/{name}", start)
            totals[name] += value.item() * len(inputs)
    return {name: total / len(x) for name, total in totals.items()}
'''
MAIN = """
def main():
    torch.manual_seed(SEED)
    model = network()
    parts = load()
    for epoch, losses in enumerate(train(model, parts), 1):
        if epoch == 1 or epoch % max(1, EPOCHS // 20) == 0:
            means = {name: sum(own) / len(own) for name, own in losses.items() if own}
            print(f"epoch {epoch}:", ", ".join(f"{name} {each:.4f}" for name, each in means.items()))
TEST

if __name__ == "__main__":
    main()
"""
TEST = """\
    for name, loss in evaluate(model, *parts["test"]).items():
        print(f"test loss of {name} {loss:.4f}")
"""
# What a loss calls by these names is something else.
TAKEN = frozenset(
    {
        "answer", "contrastive", "count", "kl_normal", "length", "math", "model", "nn",
        "normal", "place", "step", "torch", "x", "y",
    }
)  # fmt: skip
CHUNK = 1024  # samples that the service evaluates at once, each lot with noise of its own


def own_network(network: NetworkPlan) -> NetworkPlan:
    """A network with the names that it has within itself: `linear_1` for `g/linear_1`."""
    prefix = f"{network.name}/"

    def own(name: str) -> str:
        return name.removeprefix(prefix)

    layers: list[LayerPlan] = [
        replace(each, name=own(each.name), inputs=tuple(own(name) for name in each.inputs))
        for each in network.layers
    ]
    return replace(
        network,
        inputs={own(name): shape for name, shape in network.inputs.items()},
        layers=tuple(layers),
        output=own(network.output),
        dtypes={own(name): kind for name, kind in network.dtypes.items()},
        ties={
            own(name): own(other)
            for name, other in network.ties.items()
            if other.startswith(prefix)
        },
    )


def crossing(networks: Mapping[str, NetworkPlan]) -> dict[str, str]:
    """Full names of what a network holds of an earlier one that it calls, each to that one's."""
    return {
        name: other
        for network in networks.values()
        for name, other in network.ties.items()
        if not other.startswith(f"{network.name}/")
    }


def class_names(networks: Mapping[str, NetworkPlan], helpers: set[str]) -> dict[str, str]:
    """The class of each network, none of them called like another class."""
    names: dict[str, str] = {}
    for name in networks:
        wanted = camel(name)
        while wanted in {*names.values(), *helpers, *CLASSES}:
            wanted += "_"
        names[name] = wanted
    return names


class Alternation:
    """The text from the losses of the steps to `train`."""

    def __init__(self, plan: Plan, names: Names, report: Report) -> None:
        assert plan.dataset is not None
        self._plan = plan
        self._dataset = plan.dataset
        self._names = names
        self._report = report
        self._pacing = next(step for step in plan.train.steps if step.reads("batch"))
        self._wide = plan.train.precision == "float64"
        self._mixed = plan.train.precision == "bfloat16"
        self._following: dict[str, Following] = {}
        for step in plan.train.steps:
            self._following[step.name] = Following(plan, self._owner(step), report)

    def text(self) -> str:
        plan = self._plan
        steps = plan.train.steps
        own = [self._loss(step, place) for place, step in enumerate(steps)]
        body = "".join(own)
        parts = []
        if self._mixed:
            parts.append(
                ANSWER.replace("model, x", "model, *given").replace(
                    "RETURN", "        return model(*given).float()"
                )
            )
        if "normal(" in body:
            double = ", dtype=torch.float64" if self._wide else ""
            parts.append(NOISE.replace("DOUBLE", double))
        table = ", ".join(f'"{step.name}": {_function(step)}' for step in steps)
        parts += [*own, f"\nLOSSES = {{{table}}}\nCHUNK = {CHUNK}\n", EVALUATE]
        parts.append(share(plan.train.schedule, self._report))
        parts += [order(plan.train.order), BATCHES, *self._decays(), self._train()]
        return "\n".join(part for part in parts if part)

    def _decays(self) -> list[str]:
        texts = {name: each.decay for name, each in self._following.items() if each.decay}
        return [text.replace("def decay(", f"def decay_{name}(") for name, text in texts.items()]

    def _owner(self, step: StepPlan) -> Owner:
        own = [f"*{self._parameters(self._names.attribute(name))}" for name in step.update]
        rate = f'RATES["{step.name}"]' if self._own_rate(step) else "LEARNING_RATE"
        return Owner(
            parameters=f"[{', '.join(own)}]" if len(own) > 1 else own[0].removeprefix("*"),
            optimizer=f"optimizer_{step.name}",
            trained=f"trained_{step.name}",
            networks={name: self._names.attribute(name) for name in step.update},
            fields=step.optimizer,
            rate=rate,
        )

    def _parameters(self, network: str) -> str:
        if crossing(self._plan.networks):
            return f"model.own(model.{network})"
        return f"model.{network}.parameters()"

    def _own_rate(self, step: StepPlan) -> bool:
        planned = self._plan.train.optimizer["learning_rate"]
        return bool(step.optimizer["learning_rate"] != planned)

    @property
    def constants(self) -> list[str]:
        rates = {
            step.name: step.optimizer["learning_rate"]
            for step in self._plan.train.steps
            if self._own_rate(step)
        }
        said = ", ".join(f'"{name}": {rate!r}' for name, rate in rates.items())
        return [f"RATES = {{{said}}}  # of steps with a rate of their own"] if rates else []

    def _loss(self, step: StepPlan, place: int) -> str:
        """The function of one step: its calls, and what it makes small."""
        lines = ["", f"def {_function(step)}(model, x, y, count, place, step):"]
        lines += [f'    """What step {step.name} makes small."""']
        variables = {call.name: _variable(call.name, step) for call in step.calls}
        for call in step.calls:
            given = [self._source(call, name, variables) for name in self._inputs(call)]
            model = f"model.{self._names.attribute(call.network)}"
            said = (
                f"answer({', '.join([model, *given])})"
                if self._mixed
                else f"{model}({', '.join(given)})"
            )
            lines.append(f"    {variables[call.name]} = {said}{'.detach()' if call.detach else ''}")
        shapes = {call.name: self._output(call) for call in step.calls}
        terms = Terms(self._dataset, shapes, variables, self._report, signed=True)
        returned = terms.returned(step.losses, f"/train/steps/{place}/losses")
        return "\n".join([*terms.helpers, *lines, *returned, ""])

    def _inputs(self, call: CallPlan) -> list[str]:
        """The inputs of its network in their order, by their own names."""
        return [name.partition("/")[2] for name in self._plan.networks[call.network].inputs]

    def _output(self, call: CallPlan) -> Shape:
        network = self._plan.networks[call.network]
        return network.shapes[network.output]

    def _source(self, call: CallPlan, name: str, variables: Mapping[str, str]) -> str:
        source = call.sources[name]
        network = self._plan.networks[call.network]
        full = f"{call.network}/{name}"
        if source == "batch":
            return "x"
        if source == "noise":
            sizes = "".join(f", {size}" for size in network.inputs[full])
            return f'normal(f"{{place}}/{call.name}/{name}", step, count{sizes})'
        if source == "target":
            classes = len(self._dataset.classes)
            if classes and full not in network.dtypes:
                return f"F.one_hot(y, {classes}).to(x.dtype)"
            sizes = "".join(f", {size}" for size in network.inputs[full])
            return f"y.reshape(count{sizes})"
        return variables[source]

    def _train(self) -> str:
        first = first_random(self._dataset)
        begun = ['x, y = parts["train"]']
        if first is not None:
            wide = ".double()" if self._wide else ""
            begun = ['x, y = raw()["train"]', "steps = preparation(x)"]
            begun.append(f"x, drawing = through(steps[:{first}], x){wide}, steps[{first}:]")
        lines = ["", "def train(model, parts, epochs=EPOCHS):"]
        lines += ['    """Trains; yields the losses of each step, epoch by epoch."""']
        lines += [f"    {line}" for line in begun]
        for step in self._plan.train.steps:
            if self._moves(step):
                lines += [f"    {line}" for line in self._following[step.name].before()]
            if step.draws:
                lines.append(f"    batches_{step.name} = batches(y, {self._seed(step)})")
        lines += ["    step = samples = 0", "    losses = {name: [] for name in LOSSES}"]
        lines += ["    while samples < epochs * len(x):", "        model.train()"]
        lines += ["        step, before = step + 1, samples // len(x)"]
        if self._plan.train.schedule["type"] not in UNSHARED:
            lines.append("        shared = share(samples / len(x))")
        for step in self._plan.train.steps:
            lines += [f"        {line}" for line in self._step(step)]
        lines += ["        if samples // len(x) > before:", "            yield losses"]
        lines += ["            losses = {name: [] for name in LOSSES}", ""]
        return "\n".join(lines)

    def _seed(self, step: StepPlan) -> str:
        return "SEED" if step is self._pacing else f'derive(SEED, "step", "{step.name}")'

    def _moves(self, step: StepPlan) -> bool:
        return any(
            each.trainable and not each.buffer
            for name in step.update
            for layer in self._plan.networks[name].layers
            if layer.fields.get("trainable", True)
            for each in layer.parameters
        )

    def _step(self, step: StepPlan) -> list[str]:
        inner: list[str] = []
        place = f'"{step.name}/0"' if step.repeat == 1 else f'f"{step.name}/{{repeat}}"'
        given = "x, y, BATCH_SIZE"
        if step.draws:
            inner += [f"batch = next(batches_{step.name})"]
            inputs = "x[batch]"
            if first_random(self._dataset) is not None:
                seed = self._seed(step)
                if step.repeat > 1:
                    seed = f'derive({seed}, "repeat", step=repeat) if repeat else {seed}'
                inner.append(f"inputs = drawn(drawing, x[batch], {seed}, step)")
                inputs = "inputs"
            given = f"{inputs}, y[batch], len(batch)"
        inner.append(f"loss = {_function(step)}(model, {given}, {place}, step)")
        if self._moves(step):
            shared = "" if self._plan.train.schedule["type"] in UNSHARED else "shared"
            lines = self._following[step.name].after(self._backward(step), shared)
            inner += [line.replace("decay(", f"decay_{step.name}(") for line in lines]
        if step is self._pacing:
            inner.append("samples += len(batch)")
        if step.repeat > 1:
            inner.append("own.append(loss.item())")
            inner = [
                "own = []",
                f"for repeat in range({step.repeat}):",
                *(f"    {x}" for x in inner),
            ]
            inner.append(f'losses["{step.name}"].append(sum(own) / {step.repeat})')
        else:
            inner.append(f'losses["{step.name}"].append(loss.item())')
        if step.every > 1:
            return [f"if step % {step.every} == 0:", *(f"    {line}" for line in inner)]
        return inner

    def _backward(self, step: StepPlan) -> list[str]:
        detached = {call.name for call in step.calls if call.detach}
        if may_be_cut_off(self._plan) or detached & {loss.input for loss in step.losses}:
            return ["if loss.requires_grad:", "    loss.backward()"]
        return ["loss.backward()"]


def main(dataset: DatasetPlan) -> str:
    """What runs the script."""
    return MAIN.replace("TEST", TEST if dataset.sizes["test"] else "")


def _function(step: StepPlan) -> str:
    return f"{step.name}_loss"


def _variable(name: str, step: StepPlan) -> str:
    """A variable for what a call gives, that stands in the way of nothing else."""
    others = {call.name for call in step.calls} - {name}
    while name in TAKEN or keyword.iskeyword(name) or name in others:
        name += "_"
    return name
