"""The training loop of a script: its loss, optimizer, schedule and order of samples."""

from collections.abc import Callable
from typing import Any

from gradus.export.code import Fields, call, unless
from gradus.planned import DatasetPlan, LossPlan, NetworkPlan, Plan, Shape, TrainPlan
from gradus.problems import Report

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"momentum": 0.0, "dampening": 0.0, "nesterov": False}),
    "adagrad": ("Adagrad", {"lr_decay": 0.0, "start": 0.0, "eps": 1e-10}),
    "adadelta": ("Adadelta", {"rho": 0.9, "eps": 1e-6}),
    "rmsprop": ("RMSprop", {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "centered": False}),
    "adam": ("Adam", {"betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": ("AdamW", {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
}
RENAMED = {"start": "initial_accumulator_value"}
# What the rate is multiplied by when `epochs` are over.
SCHEDULES = {
    "step": "return {gamma} ** (epochs // {every})",
    "exponential": "return {gamma} ** math.floor(epochs)",
    "cosine": "return fall(1.0, {floor}, epochs / EPOCHS)",
    "one_cycle": (
        "passed = epochs / EPOCHS\n"
        "if passed < {rise}:\n"
        "    return fall({start}, 1.0, passed / {rise})\n"
        "return fall(1.0, {floor}, (passed - {rise}) / (1 - {rise}))"
    ),
    "warmup": (
        "if epochs < {epochs}:\n    return {start} + (1 - {start}) * epochs / {epochs}\nreturn {then}"
    ),
}
FALL = '''
def fall(first, last, passed):
    """Half a cosine from `first` at 0 to `last` at 1, where it stays."""
    return last + (first - last) * (1 + math.cos(math.pi * min(1.0, passed))) / 2
'''
SHARE = '''
def share(epochs):
    """What the learning rate is multiplied by when so many epochs are over."""
'''
ORDERS = {
    "shuffled": '''\
    """Places of the training samples in the order of one epoch: shuffled anew for each."""
    return torch.randperm(len(y), generator=generator)
''',
    "sorted": '''\
    """Places of the training samples in the order of one epoch: by class, or by value."""
    return torch.argsort(y.reshape(len(y), -1)[:, 0], stable=True)
''',
    "stratified": '''\
    """Places of the training samples in the order of one epoch: shuffled, each class spread evenly."""
    shuffled = torch.randperm(len(y), generator=generator)
    strata = y.reshape(len(y), -1)[:, 0]
    if strata.is_floating_point():  # tenths of the values
        strata = torch.argsort(torch.argsort(strata, stable=True)) * 10 // len(y)
    strata, along = strata[shuffled], torch.empty(len(y), dtype=torch.float64)
    for stratum in torch.unique(strata):
        own = (strata == stratum).nonzero().flatten()
        offset = torch.rand((), generator=generator, dtype=torch.float64)
        along[own] = (torch.arange(len(own), dtype=torch.float64) + offset) / len(own)
    return shuffled[torch.argsort(along, stable=True)]
''',
}


def training(plan: Plan, report: Report) -> str:
    """`objective`, `evaluate` and `train`."""
    assert plan.dataset is not None
    parts = [_objective(plan.network, plan.dataset, plan.train, report), _evaluate(plan)]
    schedule = Fields(plan.train.schedule)
    if schedule["type"] != "constant":
        parts.append(_share(schedule, report))
    parts.append(f"\ndef order(y, generator):\n{ORDERS[plan.train.order]}")
    parts.append(_train(plan, report))
    return "\n".join(parts)


def wanted(plan: Plan) -> tuple[str, ...]:
    """Values that the forward pass gives: the network's output, then what other losses read."""
    inputs = [loss.input for loss in plan.train.losses] if plan.dataset else []
    return tuple(dict.fromkeys([plan.network.output, *inputs]))


def _objective(network: NetworkPlan, dataset: DatasetPlan, train: TrainPlan, report: Report) -> str:
    outputs = list(dict.fromkeys([network.output, *(loss.input for loss in train.losses)]))
    names = {name: f"output_{place}" for place, name in enumerate(outputs)}
    single = len(outputs) == 1
    terms = []
    for place, loss in enumerate(train.losses):
        said = "output" if single else names[loss.input]
        text = _loss(loss, said, network.shapes[loss.input], dataset, place, report)
        terms.append(text if loss.weight == 1 else f"{loss.weight!r} * {text}")
    total = " + ".join(terms)
    if single:
        return f'\ndef objective(output, y):\n    """What is made small."""\n    return {total}\n'
    taken = ", ".join(names[name] for name in outputs)
    return (
        "\ndef objective(outputs, y):\n"
        '    """What is made small: the loss at the end, and those at inner layers."""\n'
        f"    {taken} = outputs\n    return {total}\n"
    )


def _loss(
    loss: LossPlan, output: str, shape: Shape, dataset: DatasetPlan, place: int, report: Report
) -> str:
    target = _target(loss, output, shape, dataset)
    fields = Fields(loss.fields)
    texts: dict[str, Callable[[], str]] = {
        "cross_entropy": lambda: f"F.cross_entropy({output}, {target})",
        "binary_cross_entropy": lambda: f"F.binary_cross_entropy_with_logits({output}, {target})",
        "mse": lambda: ("0.5 * " if fields.get("half") else "") + f"F.mse_loss({output}, {target})",
        "mae": lambda: f"F.l1_loss({output}, {target})",
        "huber": lambda: f"F.huber_loss({output}, {target}, delta={fields['delta']!r})",
        "hinge": lambda: _hinge(output, target, shape),
    }
    path = f"/train/losses/{place}"
    if loss.type not in texts or loss.target != "target":
        word = loss.type if loss.type not in texts else loss.target
        report.add("export.value", path, field="losses", value=word)
        return ""
    text = texts[loss.type]()
    for name, value in fields.unread().items():
        if value not in (None, False):
            report.add("export.value", path, field=name, value=str(value))
    return text


def _hinge(output: str, target: str, shape: Shape) -> str:
    if shape == (1,):
        return f"F.relu(1 - {target} * {output}).mean()"
    # Torch divides by the number of classes, the formula does not.
    return f"F.multi_margin_loss({output}, {target}) * {shape[0]}"


def _target(loss: LossPlan, output: str, shape: Shape, dataset: DatasetPlan) -> str:
    """The targets in the form that a loss reads."""
    if dataset.task == "regression":
        return "y" if tuple(dataset.target) == tuple(shape) else f"y.reshape({output}.shape)"
    if loss.type == "cross_entropy" or (loss.type == "hinge" and shape != (1,)):
        return "y"
    if shape != (1,):
        return f"F.one_hot(y, {shape[0]}).to({output}.dtype)"
    whole = f"y.to({output}.dtype).unsqueeze(1)"
    return whole if loss.type == "binary_cross_entropy" else f"(2 * {whole} - 1)"


def _evaluate(plan: Plan) -> str:
    assert plan.dataset is not None
    several = len(wanted(plan)) > 1
    head = "outputs[0]" if several else "output"
    made = "outputs" if several else "output"
    lines = [
        "",
        "@torch.no_grad()",
        "def evaluate(model, x, y):",
        '    """Loss and MEASURE of a whole part."""',
        "    model.eval()",
        f"    {made} = model(x)",
        f"    loss = objective({made}, y).item()",
    ]
    if plan.dataset.task == "regression":
        lines += [
            f"    missed = ({head} - y.reshape({head}.shape)).square().sum()",
            "    return loss, (1 - missed / (y - y.mean(0)).square().sum()).item()",
            "",
        ]
        return "\n".join(lines).replace("MEASURE", "R²")
    one = plan.network.shapes[plan.network.output] == (1,)
    answer = f"({head}[:, 0] > 0).long()" if one else f"{head}.argmax(1)"
    lines += [f"    return loss, ({answer} == y).float().mean().item()", ""]
    return "\n".join(lines).replace("MEASURE", "accuracy")


def _share(schedule: Fields, report: Report) -> str:
    kind = str(schedule["type"])
    if kind not in SCHEDULES:
        report.add("export.value", "/train/schedule", field="schedule", value=kind)
        return ""
    values = {name: repr(schedule[name]) for name in schedule}
    if kind == "warmup":
        slow = schedule["after"] == "inverse_sqrt"
        values["then"] = f"math.sqrt({values['epochs']} / epochs)" if slow else "1.0"
    text = SCHEDULES[kind]
    if kind == "one_cycle" and schedule["rise"] == 1:
        text = text.rpartition("\n")[0] + "\nreturn 1.0"
    body = "\n".join(f"    {line}" for line in text.format(**values).split("\n"))
    return (FALL + "\n" if "fall(" in text else "") + SHARE + body + "\n"


def _optimizer(train: TrainPlan, report: Report) -> str:
    fields = Fields(train.optimizer)
    kind = str(fields["type"])
    if kind not in OPTIMIZERS:
        report.add("export.value", "/train/optimizer", field="optimizer", value=kind)
        return ""
    name, defaults = OPTIMIZERS[kind]
    named: dict[str, Any] = {}
    for field, default in defaults.items():
        value = fields[field]
        value = tuple(value) if isinstance(value, list) else value
        named[RENAMED.get(field, field)] = unless(value, default)
    fields["learning_rate"]
    for field, value in fields.unread().items():
        if value not in (None, False):
            report.add("export.value", "/train/optimizer", field=field, value=str(value))
    inside = call("", **named).strip("()")
    return (
        f"torch.optim.{name}(model.parameters(), lr=LEARNING_RATE{', ' if inside else ''}{inside})"
    )


def _train(plan: Plan, report: Report) -> str:
    made = "outputs" if len(wanted(plan)) > 1 else "output"
    lines = ["", "def train(model, x, y, epochs=EPOCHS):"]
    lines += ['    """Trains; yields the losses of the steps of each epoch."""']
    following = _following(plan, report) if plan.totals.trainable else ([], [])
    lines += [f"    {line}" for line in following[0]]
    lines += [
        "    for epoch in range(epochs):",
        "        model.train()",
        '        generator = torch.Generator().manual_seed(derive(SEED, "order", step=epoch))',
        "        places = order(y, generator)",
        "        losses = []",
        "        for start in range(0, len(x), BATCH_SIZE):",
    ]
    inner = ["batch = places[start : start + BATCH_SIZE]"]
    inner += [f"{made} = model(x[batch])", f"loss = objective({made}, y[batch])"]
    inner += [*following[1], "losses.append(loss.item())"]
    return "\n".join(
        [*lines, *(f"            {line}" for line in inner), "        yield losses", ""]
    )


def _following(plan: Plan, report: Report) -> tuple[list[str], list[str]]:
    """Lines that make an optimizer, and those by which it follows one loss."""
    train = plan.train
    penalized = bool(train.l1 or train.l2)
    before = [f"optimizer = {_optimizer(train, report)}"]
    # A parameter that the loss does not reach shrinks all the same.
    shrinks = penalized or train.optimizer["type"] == "adamw"
    if shrinks:
        before.append("trained = [each for each in model.parameters() if each.requires_grad]")
        before += ["for each in trained:", "    each.grad = torch.zeros_like(each)"]
    after = ["loss.backward()"]
    if _may_be_cut_off(plan):
        after = ["if loss.requires_grad:  # something that is trained leads to it"]
        after.append("    loss.backward()")
    rate = []
    if train.schedule["type"] != "constant":
        rate = ['optimizer.param_groups[0]["lr"] = LEARNING_RATE * share(epoch + start / len(x))']
    zero = "optimizer.zero_grad(set_to_none=False)" if shrinks else "optimizer.zero_grad()"
    return before, [zero, *after, *_gradients(train), *rate, "optimizer.step()"]


def _may_be_cut_off(plan: Plan) -> bool:
    """Whether no gradient may come through: of a step function, or of what is not trained."""
    layers = plan.network.layers
    steps = any("step" in (layer.type, layer.fields.get("activation")) for layer in layers)
    return steps or plan.totals.trainable < plan.totals.parameters


def _gradients(train: TrainPlan) -> list[str]:
    """What is done to the gradients of a step before they are followed."""
    lines: list[str] = []
    if train.clip and "value" in train.clip:
        lines.append(f"nn.utils.clip_grad_value_(model.parameters(), {train.clip['value']!r})")
    elif train.clip:
        lines.append(f"nn.utils.clip_grad_norm_(model.parameters(), {train.clip['norm']!r})")
    if train.gradient_noise:
        eta, gamma = train.gradient_noise["eta"], train.gradient_noise["gamma"]
        lines += [
            "step = epoch * math.ceil(len(x) / BATCH_SIZE) + start // BATCH_SIZE",
            "for parameter in model.parameters():  # Neelakantan et al. 2015",
            "    if parameter.grad is not None:",
            f"        std = math.sqrt({eta!r} / (1 + step) ** {gamma!r})",
            "        parameter.grad += std * torch.randn_like(parameter)",
        ]
    if train.l1 or train.l2:
        lines.append("for weight in [each for each in trained if each.dim() > 1]:  # no biases")
    if train.l1:
        lines.append(f"    weight.grad += {train.l1!r} * weight.detach().sign()")
    if train.l2:
        lines.append(f"    weight.grad += {train.l2!r} * weight.detach()")
    return lines


def constants(train: TrainPlan) -> list[str]:
    return [
        f"EPOCHS = {train.epochs}",
        f"BATCH_SIZE = {train.batch_size}",
        f"LEARNING_RATE = {train.optimizer['learning_rate']!r}",
    ]
