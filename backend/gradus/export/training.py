"""The training loop of a script: its loss, optimizer, schedule and order of samples."""

from typing import Any

from gradus.export.code import Fields, call, unless
from gradus.export.losses import Terms
from gradus.losses import judged
from gradus.planned import Plan, TrainPlan
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
    parts = [_objective(plan, report), _evaluate(plan)]
    schedule = Fields(plan.train.schedule)
    if schedule["type"] != "constant":
        parts.append(_share(schedule, report))
    parts.append(f"\ndef order(y, generator):\n{ORDERS[plan.train.order]}")
    parts.append(_train(plan, report))
    return "\n".join(parts)


def wanted(plan: Plan) -> tuple[str, ...]:
    """Values that the forward pass gives: the network's output, then what losses read beside it."""
    losses = plan.train.losses if plan.dataset else ()
    read = [name for loss in losses for name in (loss.input, *loss.further)]
    return tuple(dict.fromkeys([plan.network.output, *read]))


def is_judged(plan: Plan) -> bool:
    """Whether the output answers the data's target, so that answers can be counted as right."""
    assert plan.dataset is not None
    output = plan.network.shapes[plan.network.output]
    return judged(plan.dataset, output, plan.train.losses)


def _objective(plan: Plan, report: Report) -> str:
    outputs = wanted(plan)
    single = len(outputs) == 1
    names = {name: "output" if single else f"output_{n}" for n, name in enumerate(outputs)}
    terms = Terms(plan, names, report)
    said = [terms.text(loss, place) for place, loss in enumerate(plan.train.losses)]
    weighed = [
        text if loss.weight == 1 else f"{loss.weight!r} * {text}"
        for loss, text in zip(plan.train.losses, said, strict=True)
    ]
    lines = ["", f"def objective({'output' if single else 'outputs'}, x, y):"]
    lines += ['    """What is made small."""']
    lines += [] if single else [f"    {', '.join(names.values())} = outputs"]
    return "\n".join([*terms.helpers, *lines, f"    return {' + '.join(weighed)}", ""])


def _evaluate(plan: Plan) -> str:
    assert plan.dataset is not None
    several = len(wanted(plan)) > 1
    head = "outputs[0]" if several else "output"
    made = "outputs" if several else "output"
    regression = plan.dataset.task == "regression"
    lines = ["", "@torch.no_grad()", "def evaluate(model, x, y):", '    """MEANING"""']
    lines += ["    model.eval()", f"    {made} = model(x)"]
    if not is_judged(plan):
        lines += [f"    return objective({made}, x, y).item()", ""]
        return "\n".join(lines).replace("MEANING", "The loss of a whole part.")
    lines.append(f"    loss = objective({made}, x, y).item()")
    if regression:
        lines.append(f"    missed = ({head} - y.reshape({head}.shape)).square().sum()")
        measure = "(1 - missed / (y - y.mean(0)).square().sum()).item()"
    else:
        one = plan.network.shapes[plan.network.output] == (1,)
        answer = f"({head}[:, 0] > 0).long()" if one else f"{head}.argmax(1)"
        measure = f"({answer} == y).float().mean().item()"
    lines += [f"    return loss, {measure}", ""]
    meaning = f"Loss and {'R²' if regression else 'accuracy'} of a whole part."
    return "\n".join(lines).replace("MEANING", meaning)


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
    inner += [f"{made} = model(x[batch])", f"loss = objective({made}, x[batch], y[batch])"]
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
