"""Transforms of inputs as a script makes them, fitted on the training part as the service does.

N samples, C channels, H rows, W columns, F features.
"""

from collections.abc import Mapping
from typing import Any

from gradus.datasets import FACTS
from gradus.export.texts import PAD, SPLIT, TOKENIZE
from gradus.planned import DatasetPlan
from gradus.problems import Report
from gradus.transforms import RANDOM, tokens_of

Fields = Mapping[str, Any]
FITTED = frozenset({"standardize", "mean_image", "tokenize"})
STANDARDIZE = '''
def NAME(fitted, mean=None, deviation=None):
    """Mean 0 and deviation 1 over the training part, channel by channel."""
    if mean is None:
        axes = (0, *range(2, fitted.dim()))
        mean = fitted.mean(axes, keepdim=True)
        deviation = fitted.std(axes, correction=0, keepdim=True)
        deviation = torch.where(deviation == 0, 1.0, deviation)
    mean, deviation = torch.as_tensor(mean), torch.as_tensor(deviation)
    return lambda x, generator: (x - mean.to(x)) / deviation.to(x)
'''
MEAN_IMAGE = '''
def NAME(fitted, mean=None):
    """The mean of the training part is taken off."""
    mean = fitted.mean(0, keepdim=True) if mean is None else torch.as_tensor(mean)
    return lambda x, generator: x - mean.to(x)
'''
ONE_HOT = '''
def NAME(fitted):
    """A feature that counts kinds becomes one feature a kind."""

    def step(x, generator):
        hot = (x[:, {column}, None] == torch.arange({values})).to(x.dtype)
        return torch.cat([x[:, :{column}], hot, x[:, {column} + 1 :]], 1)

    return step
'''
RESIZE = '''
def NAME(fitted):
    """Pictures of another size."""
    return lambda x, generator: F.interpolate(x, {size}, mode="{mode}"{middle})
'''
CENTER_CROP = '''
def NAME(fitted):
    """The middle of every picture."""
    return lambda x, generator: middle(x, {height}, {width})
'''
RANDOM_CROP = '''
def NAME(fitted):
    """A piece of every padded picture, anywhere while training, else the middle."""

    def step(x, generator):
        x = F.pad(x, ({columns}, {columns}, {rows}, {rows}))
        if generator is None:
            return middle(x, {height}, {width})
        top = torch.randint(x.shape[2] - {height} + 1, (len(x),), generator=generator)
        left = torch.randint(x.shape[3] - {width} + 1, (len(x),), generator=generator)
        pieces = [
            x[n, :, i : i + {height}, j : j + {width}]
            for n, (i, j) in enumerate(zip(top.tolist(), left.tolist()))
        ]
        return torch.stack(pieces)

    return step
'''
FLIP = '''
def NAME(fitted):
    """Some pictures the other way round while training."""

    def step(x, generator):
        if generator is None:
            return x
        for axis, chance in ((3, {horizontal}), (2, {vertical})):
            x = torch.where(one_each(x, 0, 1, generator) < chance, x.flip(axis), x)
        return x

    return step
'''
SCALE = '''
def NAME(fitted):
    """Every picture larger or smaller around its middle while training, zeros around it."""

    def step(x, generator):
        if generator is None:
            return x
        factor = one_each(x, {low}, {high}, generator).float()
        turn = torch.zeros(len(x), 2, 3)
        turn[:, 0, 0] = turn[:, 1, 1] = 1 / factor[:, 0, 0, 0]
        grid = F.affine_grid(turn, list(x.shape), align_corners=False)
        return F.grid_sample(x.float(), grid, align_corners=False).to(x.dtype)

    return step
'''
COLOR = '''
def NAME(fitted):
    """Other contrast and brightness for every picture while training."""

    def step(x, generator):
        if generator is None:
            return x
        mean = x.mean((1, 2, 3), keepdim=True)
        contrast = one_each(x, 1 - {contrast}, 1 + {contrast}, generator)
        light = torch.empty_like(mean).normal_(generator=generator) * {brightness}
        return mean + (x - mean) * contrast + light

    return step
'''
NOISE = '''
def NAME(fitted):
    """Normal noise while training."""

    def step(x, generator):
        if generator is None:
            return x
        return x + torch.empty_like(x).normal_(generator=generator) * {std}

    return step
'''
MIDDLE = """
def middle(x, height, width):
    top, left = (x.shape[2] - height) // 2, (x.shape[3] - width) // 2
    return x[:, :, top : top + height, left : left + width]
"""
ONE_EACH = '''
def one_each(x, low, high, generator):
    """One number a sample: [N, 1, 1, 1]."""
    return torch.empty(len(x), 1, 1, 1, dtype=x.dtype).uniform_(low, high, generator=generator)
'''
TEXTS = {
    "standardize": STANDARDIZE,
    "mean_image": MEAN_IMAGE,
    "one_hot": ONE_HOT,
    "resize": RESIZE,
    "center_crop": CENTER_CROP,
    "random_crop": RANDOM_CROP,
    "flip": FLIP,
    "scale": SCALE,
    "color": COLOR,
    "noise": NOISE,
    "tokenize": TOKENIZE,
    "pad": PAD,
}
PREPARATION = '''
def preparation(x):
    """The transforms in their order, each fitted on the training inputs x as it finds them."""
    steps = []
    for transform in TRANSFORMS:
        steps.append(transform(x))
        x = steps[-1](x, None)
    return steps
'''
PREPARATION_FITTED = '''
def kept(count):
    """What each transform was fitted to, as the weights beside this script tell it; else nothing."""
    path = Path(__file__).with_name("weights.safetensors")
    if not path.exists():
        return [{}] * count
    file = path.read_bytes()
    said = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")]).get("__metadata__", {})
    told = json.loads(said.get("transforms", "[]"))[-count:] or [{}] * count
    fitted = ("mean", "deviation", "tokens")
    return [{name: each[name] for name in fitted if name in each} for each in told]


def preparation(x=None):
    """The transforms in their order, each fitted on the training inputs x as it finds them, or as
    the weights beside this script have it: then new samples need no x."""
    steps, transforms = [], TRANSFORMS
    for transform, numbers in zip(transforms, kept(len(transforms))):
        steps.append(transform(x, **numbers))
        x = None if x is None else steps[-1](x, None)
    return steps
'''
THROUGH = '''
def through(steps, x):
    """Inputs as the network reads them when it does not train."""
    for step in steps:
        x = step(x, None)
    return x
'''
DRAWN = '''
def drawn(steps, x, seed, step):
    """What a training step reads; what it draws follows from seed and step alone."""
    for place, each in enumerate(steps):
        generator = torch.Generator().manual_seed(derive(seed, "transform", str(place), step))
        x = each(x, generator)
    return x
'''


def transforms(dataset: DatasetPlan, report: Report) -> str:
    """The functions of the transforms; "" where there are none."""
    if not dataset.transforms:
        return ""
    names: list[str] = []
    made: list[str] = []
    for place, fields in enumerate(dataset.transforms):
        kind = str(fields["type"])
        if kind not in TEXTS:
            report.add("export.value", f"/data/transforms/{place}", field="transforms", value=kind)
            return ""
        text, ordinal = _text(fields, dataset), sum(name.startswith(kind) for name in names)
        same = next((name for name, said in zip(names, made, strict=True) if said == text), None)
        names.append(same or (f"{kind}_{ordinal + 1}" if ordinal else kind))
        made.append(text)
    texts = dict(zip(names, made, strict=True))
    own = [text.replace("NAME", name) for name, text in texts.items()]
    body = "".join(own)
    helpers = [
        text for word, text in (("middle(", MIDDLE), ("one_each(", ONE_EACH)) if word in body
    ]
    said = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    fits = any(each["type"] in FITTED for each in dataset.transforms)
    preparation = PREPARATION_FITTED if fits else PREPARATION
    parts = [*helpers, *own, preparation.replace("TRANSFORMS", said), THROUGH]
    return "\n".join([*parts, *([DRAWN] if first_random(dataset) is not None else [])])


def first_random(dataset: DatasetPlan) -> int | None:
    """The place of the first transform that draws; None where none does."""
    places = (place for place, each in enumerate(dataset.transforms) if each["type"] in RANDOM)
    return next(places, None)


def _text(fields: Fields, dataset: DatasetPlan) -> str:
    values: dict[str, Any] = {name: fields[name] for name in fields if name != "type"}
    if fields["type"] == "resize":
        sharp = ", align_corners=False, antialias=True"
        values["middle"] = sharp if fields["mode"] == "bilinear" else ""
        values["size"] = tuple(fields["size"])
    if fields["type"] in ("center_crop", "random_crop"):
        values["height"], values["width"] = fields["size"]
    if fields["type"] == "random_crop":
        values["rows"], values["columns"] = fields["padding"]
    if fields["type"] == "tokenize":
        characters = FACTS[dataset.name].input[0]
        values |= {"split": SPLIT[fields["by"]], "longest": tokens_of(fields["by"], characters)}
    if fields["type"] == "pad":
        values["shift"] = (
            f" - ({fields['length']} - kept)[:, None]" if fields["side"] == "start" else ""
        )
    return TEXTS[fields["type"]].format(**values)
