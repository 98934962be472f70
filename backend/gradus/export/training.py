"""The training loop of a script for one network: its loss, measures and loop."""

from collections.abc import Sequence

from gradus.export import own_rules
from gradus.export.ensemble import Members
from gradus.export.following import Following, Owner, counts_steps
from gradus.export.losses import Terms
from gradus.export.modules import Modules
from gradus.export.orders import order
from gradus.export.schedules import UNSHARED, share
from gradus.export.steering import Steering
from gradus.export.transforms import first_random
from gradus.losses import judged
from gradus.planned import Plan, TrainPlan
from gradus.problems import Report

ANSWER = '''
def answer(model, x):
    """A forward pass with its products in bfloat16; what comes out is float32 again."""
    with torch.autocast("cpu", torch.bfloat16):
RETURN
'''


class Training:
    """Everything of a script from `objective` to `train`."""

    def __init__(self, plan: Plan, modules: Modules, report: Report) -> None:
        assert plan.dataset is not None
        self._plan = plan
        self._dataset = plan.dataset
        self._modules = modules
        self._report = report
        self._several = len(wanted(plan)) > 1
        self._made = "outputs" if self._several else "output"
        mixed = plan.train.precision == "bfloat16"
        self._call = "answer(model, {})" if mixed else "model({})"
        self.answers = _answers(plan)
        self._steering = Steering(
            plan, several=self._several, answers=self.answers, call=self._call
        )
        self._seed = "seed" if plan.train.ensemble else "SEED"
        self._following: Following | None = None
        self._members = None
        if plan.train.ensemble:
            self._members = Members(plan, counted=self._counted("output"), call=self._call)
        if not own_rules.clusters(plan) and plan.totals.trainable:
            self._following = Following(plan, Owner(), report)

    def text(self) -> str:
        plan = self._plan
        parts = [self._mixed()] if plan.train.precision == "bfloat16" else []
        parts += [self._objective()]
        parts += [self._members.text() if self._members else self._evaluate()]
        parts.append(share(plan.train.schedule, self._report))
        parts.append(order(plan.train.order))
        parts += self._steering.helpers
        parts.append(self._following.decay if self._following else "")
        return "\n".join([*(each for each in parts if each), self._train()])

    def _mixed(self) -> str:
        if self._several:
            lines = ["outputs = model(x)", "return tuple(each.float() for each in outputs)"]
        else:
            lines = ["return model(x).float()"]
        return ANSWER.replace("RETURN", "\n".join(f"        {line}" for line in lines))

    def _objective(self) -> str:
        if own_rules.has_own_rule(self._plan):
            return own_rules.objective(self._plan, self._modules)
        outputs = wanted(self._plan)
        names = {n: f"output_{k}" if self._several else "output" for k, n in enumerate(outputs)}
        terms = Terms(self._dataset, self._plan.network.shapes, names, self._report)
        lines = ["", f"def objective({self._made}, x, y):", '    """What is made small."""']
        lines += [f"    {', '.join(names.values())} = outputs"] if self._several else []
        returned = terms.returned(self._plan.train.losses, "/train/losses")
        return "\n".join([*terms.helpers, *lines, *returned, ""])

    @property
    def _loss(self) -> str:
        model = ", model" if self._plan.train.optimizer["type"] == "perceptron" else ""
        return f"objective({self._made}, {{}}, {{}}{model})"

    def _evaluate(self) -> str:
        head = "outputs[0]" if self._several else "output"
        loss = self._loss.format("x", "y")
        lines = ["", "@torch.no_grad()", "def evaluate(model, x, y):", '    """MEANING"""']
        lines += ["    model.eval()", f"    {self._made} = {self._call.format('x')}"]
        if not is_judged(self._plan):
            lines += [f"    return {loss}.item()", ""]
            return "\n".join(lines).replace("MEANING", "The loss of a whole part.")
        lines += [f"    loss = {loss}.item()", f"    return loss, {self._counted(head)}", ""]
        meaning = f"Loss and {'R²' if self._regression else 'accuracy'} of a whole part."
        return "\n".join(lines).replace("MEANING", meaning)

    @property
    def _regression(self) -> bool:
        return self._dataset.task == "regression"

    def _counted(self, output: str) -> str:
        """R² or accuracy of an output."""
        if self._regression:
            missed = f"({output} - y.reshape({output}.shape)).square().sum()"
            return f"(1 - {missed} / (y - y.mean(0)).square().sum()).item()"
        said = self.answers.replace("output", output)
        return f"({said} == y).float().mean().item()"

    def _train(self) -> str:
        before, inner = self._loop()
        steering = self._steering
        lines = ["", "def train(model, parts, epochs=EPOCHS):"]
        lines += ['    """Trains; yields the losses of the steps of each epoch."""']
        if self._members:
            lines[1] = f"def learn(model, parts, {self._members.arguments}):"
            lines[2] = '    """Trains one member; yields the losses of the steps of each epoch."""'
        lines += [f"    {line}" for line in [*before, *steering.before]]
        lines += [
            "    for epoch in range(epochs):",
            "        model.train()",
            f'        generator = torch.Generator().manual_seed(derive({self._seed}, "order", step=epoch))',
            "        places = order(y, generator)",
            "        losses = []",
            "        for start in range(0, len(x), BATCH_SIZE):",
        ]
        lines += [f"            {line}" for line in inner]
        lines += [f"        {line}" for line in [*steering.at_end, "yield losses"]]
        lines += [f"        {line}" for line in steering.behind]
        return "\n".join([*lines, *(f"    {line}" for line in steering.after), ""])

    def _loop(self) -> tuple[Sequence[str], Sequence[str]]:
        """Lines before the loop, and those of a step."""
        begun, given = self._inputs()
        counted = counts_steps(self._plan) or first_random(self._dataset) is not None
        before = [*begun, *(["step = 0"] if counted else [])]
        inner = ["step += 1"] if counted else []
        inner += ["batch = places[start : start + BATCH_SIZE]"]
        if given != "x[batch]":
            inner.append(f"inputs = {given}")
            given = "inputs"
        inner += [f"{self._made} = {self._call.format(given)}"]
        inner.append(f"loss = {self._loss.format(given, 'y[batch]')}")
        if own_rules.clusters(self._plan):
            before.append("centres = Centres(model, x)")
            rate = " * ".join(["LEARNING_RATE", *([self._share] if self._share else [])])
            inner.append(f"centres.move(outputs, {rate})")
        elif self._following is not None:
            before += self._following.before()
            inner += self._following.after(self._backward(), self._share)
        inner.append("losses.append(loss.item())")
        if self._members:
            return before, [*self._members.before, *inner, *self._members.after]
        return before, inner

    @property
    def _share(self) -> str:
        if self._members and self._members.snapshots:
            return self._members.share
        if self._plan.train.schedule["type"] in UNSHARED:
            return self._steering.share
        return "share(epoch + start / len(x))"

    def _inputs(self) -> tuple[list[str], str]:
        """What is done to the training inputs before the loop, and what a step reads."""
        first = first_random(self._dataset)
        if first is None:
            return ['x, y = parts["train"]'], "x[batch]"
        wide = ".double()" if self._plan.train.precision == "float64" else ""
        begun = [
            'x, y = raw()["train"]',
            "steps = preparation(x)",
            f"x, drawing = through(steps[:{first}], x){wide}, steps[{first}:]",
        ]
        return begun, f"drawn(drawing, x[batch], {self._seed}, step)"

    def _backward(self) -> list[str]:
        if may_be_cut_off(self._plan):
            return [
                "if loss.requires_grad:  # something that is trained leads to it",
                "    loss.backward()",
            ]
        return ["loss.backward()"]


def wanted(plan: Plan) -> tuple[str, ...]:
    """Values that the forward pass gives: the network's output, then what losses read beside it."""
    if plan.dataset and own_rules.has_own_rule(plan):
        return own_rules.wanted(plan)
    losses = plan.train.losses if plan.dataset else ()
    read = [name for loss in losses for name in (loss.input, *loss.further)]
    return tuple(dict.fromkeys([plan.network.output, *read]))


def is_judged(plan: Plan) -> bool:
    """Whether the output answers the data's target, so that answers can be counted as right."""
    assert plan.dataset is not None
    if own_rules.has_own_rule(plan):
        return not own_rules.clusters(plan)
    output = plan.network.shapes[plan.network.output]
    return judged(plan.dataset, output, plan.train.losses)


def may_be_cut_off(plan: Plan) -> bool:
    """Whether no gradient may come through: of a step function, or of what is not trained."""
    steps = any("step" in (each.type, each.fields.get("activation")) for each in plan.layers)
    return steps or plan.totals.trainable < plan.totals.parameters


def _answers(plan: Plan) -> str:
    """The classes that an `output` stands for."""
    one = plan.network.shapes[plan.network.output] == (1,)
    return "(output[:, 0] > 0).long()" if one else "output.argmax(1)"


def constants(train: TrainPlan) -> list[str]:
    return [
        f"EPOCHS = {train.epochs}",
        f"BATCH_SIZE = {train.batch_size}",
        f"LEARNING_RATE = {train.optimizer['learning_rate']!r}",
    ]
