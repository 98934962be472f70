"""Layers whose inputs are told apart by name."""

from collections.abc import Mapping, Sequence

from pydantic import PrivateAttr

from gradus.layers.layer import Layer, Misfit, check_known
from gradus.planned import ANY, ParameterPlan, ReceptiveField, Shape


class Ported(Layer):
    """What layers with ports share: their inputs by name, and their tensors as a mapping."""

    _given: tuple[str, ...] = PrivateAttr(())

    def bind(self, ports: tuple[str, ...]) -> "Ported":
        bound = self.model_copy()
        bound._given = ports
        return bound

    def read(self, inputs: Sequence[Shape]) -> dict[str, Shape]:
        """Shapes by port; in the order of the ports where nothing else is said."""
        return dict(zip(self._given or self.ports, inputs, strict=False))

    def tensors(self, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Shapes of the parameters for inputs of these shapes."""
        return {}

    def parameters(self, inputs: Sequence[Shape]) -> tuple[ParameterPlan, ...]:
        trainable = bool(getattr(self, "trainable", True))
        shapes = self.tensors(self.read(inputs))
        return tuple(ParameterPlan(name, shape, trainable) for name, shape in shapes.items())

    def receptive_field(self, fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
        return None


def check_axes(layer: Layer, port: str, shape: Shape, axes: str, rank: int = 2) -> None:
    """Raises Misfit where what stands at a port has not `rank` axes or varies in a later one."""
    if len(shape) != rank:
        raise wrong(layer, port, shape, axes)
    check_known(layer, shape[1:], shape)


def check_port(layer: Layer, port: str, given: Mapping[str, Shape], wanted: Shape) -> None:
    """Raises Misfit where a port is given another shape than it reads; any length fits."""
    shape = given.get(port, wanted)
    same = len(shape) == len(wanted) and all(
        a == b or ANY in (a, b) for a, b in zip(shape, wanted, strict=True)
    )
    if not same:
        raise wrong(layer, port, shape, str(["*" if size == ANY else size for size in wanted]))


def check_given(layer: Layer, port: str, given: Mapping[str, Shape]) -> None:
    """Raises Misfit where a port that the fields call for is left open."""
    if port not in given:
        known = ", ".join(layer.ports)
        raise Misfit("port.missing", field="from", expected=known, type=layer.type, port=port)


def wrong(layer: Layer, port: str, shape: Shape, wanted: str) -> Misfit:
    """What is told of a port that is given another shape than it reads."""
    return Misfit(
        "port.shape",
        field="from",
        expected=wanted,
        got=str(list(shape)),
        type=layer.type,
        port=port,
        wanted=wanted,
        shape=list(shape),
    )
