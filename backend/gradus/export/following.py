"""How a gradient is followed: what is done to it, weight decay, the optimizer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gradus.export.code import Fields, unless
from gradus.planned import LayerPlan, Plan, TrainPlan
from gradus.problems import Report

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"momentum": 0.0, "dampening": 0.0, "nesterov": False}),
    "adagrad": ("Adagrad", {"lr_decay": 0.0, "start": 0.0, "eps": 1e-10}),
    "adadelta": ("Adadelta", {"rho": 0.9, "eps": 1e-6}),
    "rmsprop": ("RMSprop", {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "centered": False}),
    "adam": ("Adam", {"betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": ("AdamW", {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
    "perceptron": ("SGD", {}),  # the rule is in what it follows
}
RENAMED = {"start": "initial_accumulator_value"}
DECAY = '''
@torch.no_grad()
def decay(trained, rate):
    """MEANING"""
    for path, weight in trained:
LINES
'''
MEANING = {
    True: "Every weight shrinks beside its gradient.",
    False: "Matrices and kernels shrink beside their gradients; biases, slopes and scales do not.",
}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who follows: the variables of its parameters and of its optimizer, and what it may say."""

    parameters: str = "model.parameters()"
    optimizer: str = "optimizer"
    trained: str = "trained"  # pairs of path and parameter
    networks: Mapping[str, str] = field(
        default_factory=dict
    )  # of several, those updated: attributes
    fields: Mapping[str, Any] | None = None  # of the optimizer; the training's own without
    rate: str = "LEARNING_RATE"


class Following:
    """The lines by which one owner follows its losses.

    `before` make the optimizer, `after` follow a `loss` with the share `shared` of the rate.
    """

    def __init__(self, plan: Plan, owner: Owner, report: Report) -> None:
        self._plan = plan
        self._owner = owner
        self._report = report
        self._train = plan.train
        self._fields = owner.fields or plan.train.optimizer
        layers = [each for each in plan.layers if self._follows(each)]
        self._own = {
            each.name: each.fields["weight_decay"]
            for each in layers
            if each.fields.get("weight_decay") is not None and each.parameters
        }
        self.everywhere = self._fields["type"] == "adamw"
        self._default = self._fields["weight_decay"] if self.everywhere else plan.train.weight_decay
        # AdamW shrinks all alike; what is not alike is written out.
        self.decays = bool(self._own) or (not self.everywhere and bool(self._default))

    def _follows(self, layer: LayerPlan) -> bool:
        return not self._owner.networks or layer.name.partition("/")[0] in self._owner.networks

    @property
    def decay(self) -> str:
        """`decay(trained, rate)`; "" where the optimizer has it or nothing shrinks."""
        if not self.decays:
            return ""
        inner = f"1 - rate * {self._default!r}"
        if self._own:
            layer = 'layer_name(path).rpartition(".")[0]'
            table = ", ".join(f'"{name}": {rate!r}' for name, rate in self._own.items())
            inner = f"1 - rate * {{{table}}}.get({layer}, {self._default!r})"
        line = f"weight.mul_({inner})"
        lines = [f"        {line}"]
        if not self.everywhere:
            lines = ["        if weight.dim() > 1:", f"            {line}"]
        text = DECAY.replace("MEANING", MEANING[self.everywhere])
        return text.replace("LINES", "\n".join(lines))

    @property
    def lists(self) -> bool:
        """Whether the parameters are needed by name."""
        return self.decays or bool(self._train.l1 or self._train.l2) or self._shrinks

    @property
    def _shrinks(self) -> bool:
        """Whether parameters move that the loss does not reach."""
        penalized = bool(self._train.l1 or self._train.l2)
        return penalized or (self.everywhere and not self._own)

    def before(self) -> list[str]:
        owner = self._owner
        lines = [f"{owner.optimizer} = {self._optimizer()}"]
        if self.lists:
            pairs = "[pair for pair in model.named_parameters() if pair[1].requires_grad]"
            if owner.networks:
                named = ", ".join(f'"{name}."' for name in owner.networks.values())
                pairs = (
                    "[pair for pair in model.named_parameters() "
                    f"if pair[1].requires_grad and pair[0].startswith(({named},))]"
                )
            lines.append(f"{owner.trained} = {pairs}")
        if self._shrinks:
            lines += [f"for _, each in {owner.trained}:", "    each.grad = torch.zeros_like(each)"]
        return lines

    def after(self, backward: list[str], shared: str) -> list[str]:
        """`backward` are the lines that compute gradients; `shared` multiplies the rate, if any."""
        owner, rate = self._owner, self._owner.rate
        zero = "zero_grad(set_to_none=False)" if self._shrinks else "zero_grad()"
        lines = [f"{owner.optimizer}.zero_grad{zero.removeprefix('zero_grad')}", *backward]
        lines += self._gradients()
        if shared:
            rate = "rate"
            lines.append(f"rate = {owner.rate} * {shared}")
            lines.append(f'{owner.optimizer}.param_groups[0]["lr"] = rate')
        if self.decays:
            lines.append(f"decay({owner.trained}, {rate})")
        return [*lines, f"{owner.optimizer}.step()"]

    def _optimizer(self) -> str:
        fields = Fields(self._fields)
        kind = str(fields["type"])
        if kind not in OPTIMIZERS:
            self._report.add("export.value", "/train/optimizer", field="optimizer", value=kind)
            return ""
        name, defaults = OPTIMIZERS[kind]
        named: dict[str, Any] = {}
        for each, default in defaults.items():
            value = fields[each]
            value = tuple(value) if isinstance(value, list) else value
            named[RENAMED.get(each, each)] = unless(value, default)
        if self.everywhere and self._own:
            name = "Adam"
            named.pop("weight_decay")
        fields["learning_rate"]
        for each, value in fields.unread().items():
            if value not in (None, False):
                told = {"field": each, "value": str(value)}
                self._report.add("export.value", "/train/optimizer", **told)
        said = [f"{each}={value!r}" for each, value in named.items() if value is not None]
        given = [self._owner.parameters, f"lr={self._owner.rate}", *said]
        return f"torch.optim.{name}({', '.join(given)})"

    def _gradients(self) -> list[str]:
        """What is done to the gradients of a step before they are followed."""
        train, parameters = self._train, self._owner.parameters
        lines: list[str] = []
        if train.clip and "value" in train.clip:
            lines.append(f"nn.utils.clip_grad_value_({parameters}, {train.clip['value']!r})")
        elif train.clip:
            lines.append(f"nn.utils.clip_grad_norm_({parameters}, {train.clip['norm']!r})")
        if train.gradient_noise:
            lines += _noise(train.gradient_noise, parameters)
        if train.l1 or train.l2:
            wide = f"[each for _, each in {self._owner.trained} if each.dim() > 1]"
            lines.append(f"for weight in {wide}:  # no biases")
        if train.l1:
            lines.append(f"    weight.grad += {train.l1!r} * weight.detach().sign()")
        if train.l2:
            lines.append(f"    weight.grad += {train.l2!r} * weight.detach()")
        return lines


def _noise(fields: Mapping[str, Any], parameters: str) -> list[str]:
    return [
        f"for parameter in {parameters}:  # Neelakantan et al. 2015",
        "    if parameter.grad is not None:",
        f"        std = math.sqrt({fields['eta']!r} / step ** {fields['gamma']!r})",
        "        parameter.grad += std * torch.randn_like(parameter)",
    ]


def counts_steps(plan: Plan) -> bool:
    """Whether a step of the loop needs its number, from 1."""
    train: TrainPlan = plan.train
    return bool(train.gradient_noise)
