"""Weights set by hand: whether they are parameters of the networks that they are meant for."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from gradus.controls import WeightEdit
from gradus.planned import LayerPlan, Shape
from gradus.problems import Problem, problem


def misfits(
    edits: Sequence[WeightEdit], layers: Sequence[LayerPlan], path: str
) -> tuple[Problem, ...]:
    """What is wrong with `edits`, which stand at the JSON pointer `path`; empty where nothing is."""
    shapes = parameter_shapes(layers)
    found = (_misfit(edit, shapes, f"{path}/{at}") for at, edit in enumerate(edits))
    return tuple(one for one in found if one is not None)


def parameter_shapes(layers: Sequence[LayerPlan]) -> dict[str, Shape]:
    """The shape of each parameter by its full name, buffers left out."""
    return {
        f"{layer.name}.{parameter.name}": parameter.shape
        for layer in layers
        for parameter in layer.parameters
        if not parameter.buffer
    }


def _misfit(edit: WeightEdit, shapes: Mapping[str, Shape], path: str) -> Problem | None:
    shape = shapes.get(edit.name)
    if shape is None:
        nearest = get_close_matches(edit.name, shapes, n=1, cutoff=0.5)
        return problem(
            "control.weight_name",
            f"{path}/name",
            got=edit.name,
            name=edit.name,
            nearest=nearest[0] if nearest else None,
        )
    inside = len(edit.index) == len(shape) and all(
        at < size for at, size in zip(edit.index, shape, strict=True)
    )
    if inside:
        return None
    expected, got = _spelt(shape), _spelt(edit.index)
    return problem(
        "control.weight_index",
        f"{path}/index",
        expected=f"< {expected}",
        got=got,
        name=edit.name,
        index=got,
        shape=expected,
    )


def _spelt(numbers: Sequence[int]) -> str:
    return f"[{', '.join(map(str, numbers))}]"
