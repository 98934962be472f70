"""First values: the service's own, drawn again by the script."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradus.export.code import Code
from gradus.planned import LayerPlan
from gradus.problems import Report

# What fills the matrices of a layer, for each kind of `init`; vectors then start at 0.
KINDS = {
    "zeros": "weight.zero_()",
    "constant": "weight.fill_({value})",
    "normal": "weight.normal_(0, {std}, generator=generator)",
    "uniform": "weight.uniform_({low}, {high}, generator=generator)",
    "xavier": (
        "std = math.sqrt(2 / (weight[0].numel() + weight[:, 0].numel()))  # of a unit's fans",
        "{draw}",
    ),
    "he": ("std = math.sqrt(2 / weight[0].numel())", "{draw}"),
    "orthogonal": "nn.init.orthogonal_(weight, generator=generator)",
}
DRAWS = {
    "normal": "weight.normal_(0, std, generator=generator)",
    "uniform": "weight.uniform_(-math.sqrt(3) * std, math.sqrt(3) * std, generator=generator)",
}
TORCH = '''
def bound(module, name):
    """How far from 0 a parameter may start, as PyTorch has it: 1 / √inputs of a unit."""
    if hasattr(module, "bound"):
        return module.bound(name)
    if isinstance(module, nn.RNNBase):
        return 1 / math.sqrt(module.hidden_size)
    return 1 / math.sqrt(module.weight[0].numel())
'''


def first_values(
    layers: Sequence[LayerPlan],
    codes: Mapping[str, Code],
    place: Callable[[str], str],
    report: Report,
    *,
    seeds: bool = False,
) -> str:
    """`initialise(model)` and what it calls; "" where nothing is drawn.

    Args:
        codes: by the layers' full names.
        place: where a layer lies in a script, by its full name: `model.stage.linear_1`.
        seeds: whether it is `initialise(model, seed)`, for networks of several seeds.
    """
    drawn = {each.name: each.fields["init"] for each in layers if _draws(each)}
    for layer in layers:
        if _draws(layer) and drawn[layer.name]["type"] not in {"torch", *KINDS}:
            word = str(drawn[layer.name]["type"])
            report.add("export.value", layer.source, layer=layer.name, field="init", value=word)
            return ""
    kinds = {name: _kind(init) for name, init in drawn.items()}
    common = Counter(kinds.values()).most_common(1)[0][0] if kinds else "torch"
    others = {name: kind for name, kind in kinds.items() if kind != common}
    parts = [TORCH] if "torch" in kinds.values() else []
    named: dict[str, Mapping[str, Any]] = {}
    for name, init in drawn.items():
        if init["type"] != "torch":
            named.setdefault(kinds[name], init)
    parts += [_function(kind, init) for kind, init in named.items()]
    makers = sorted({_maker(codes[name]) for name in drawn})
    settle = [
        line.format(place(layer.name))
        for layer in layers
        if _draws(layer)
        for line in codes[layer.name].settle
    ]
    text = _initialise(makers, common, others, settle)
    if seeds:
        text = text.replace("initialise(model)", "initialise(model, seed)")
        text = text.replace('derive(SEED, "init"', 'derive(seed, "init"')
    return "\n".join([*parts, text]) if drawn else ""


def _draws(layer: LayerPlan) -> bool:
    """Whether first values are drawn, and not taken from kept weights."""
    init = layer.fields.get("init")
    return init is not None and init["type"] != "from" and bool(layer.parameters)


def _maker(code: Code) -> str:
    """The class that holds a layer's parameters."""
    step = next(each for each in code.steps if not each.suffix)
    return step.module.partition("(")[0]


def _kind(init: Mapping[str, Any]) -> str:
    """The name of the function that draws by this `init`."""
    kind = str(init["type"])
    given = [str(value) for name, value in init.items() if name != "type"]
    text = "_".join([kind, *given])
    return "".join(sign if sign.isalnum() else "_" for sign in text.replace("-", "minus_"))


def _function(name: str, init: Mapping[str, Any]) -> str:
    lines = KINDS[init["type"]]
    lines = (lines,) if isinstance(lines, str) else lines
    draw = DRAWS[init.get("distribution", "normal")]
    said = [line.format(**{**init, "draw": draw}) for line in lines]
    return "\n".join(["", f"def {name}(weight, generator):", *(f"    {line}" for line in said), ""])


def _initialise(
    makers: Sequence[str], common: str, others: Mapping[str, str], settle: Sequence[str]
) -> str:
    lines = [
        "",
        "@torch.no_grad()",
        "def initialise(model):",
        '    """First values as the service draws them: each parameter by a generator of its own."""',
    ]
    if others:
        lines += ["    kinds = {"]
        lines += [
            f'        "{name}": {"None" if kind == "torch" else kind},'
            for name, kind in others.items()
        ]
        lines += ["    }"]
    made = makers[0] if len(makers) == 1 else f"({', '.join(makers)})"
    lines += [
        "    modules = dict(model.named_modules())",
        "    for path, parameter in model.named_parameters():",
        '        place, _, own = path.rpartition(".")',
        f"        if not isinstance(modules[place], {made}):",
        "            continue  # what is not drawn starts as PyTorch has it",
        "        name = layer_name(path)",
        '        generator = torch.Generator().manual_seed(derive(SEED, "init", name))',
    ]
    lines += _fill(common, others)
    lines += ["    " + line for text in settle for line in text.split("\n")]
    return "\n".join([*lines, ""])


def _fill(common: str, others: Mapping[str, str]) -> list[str]:
    spread = [
        "limit = bound(modules[place], own)",
        "parameter.uniform_(-limit, limit, generator=generator)",
    ]
    if not others and common == "torch":
        return [f"        {line}" for line in spread]
    default = "None" if common == "torch" else common
    kind = f'kinds.get(name.rpartition(".")[0], {default})' if others else default
    lines = [f"        draw = {kind}"] if others else []
    call = "draw" if others else common
    if "torch" in (common, *others.values()):
        lines += ["        if draw is None:", *(f"            {line}" for line in spread)]
        lines += ["        elif parameter.dim() > 1:"]
    else:
        lines += ["        if parameter.dim() > 1:"]
    return [
        *lines,
        f"            {call}(parameter, generator)",
        "        else:",
        "            parameter.zero_()",
    ]
