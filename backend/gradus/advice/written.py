"""What advice may patch in a document: entries that nothing else names."""

from collections.abc import Mapping, Sequence
from typing import Any

from gradus.composites.expansion import Expanded
from gradus.patch import Patch, add, remove, replace
from gradus.planned import LayerPlan


class Written:
    """The entries of a document by the layers that they stand for."""

    def __init__(self, layers: Sequence[Expanded], document: Mapping[str, Any]) -> None:
        self._entries = {each.name: each.entry for each in layers if each.entry is not None}
        self._named = {name for entry in self._entries.values() for name in _names(entry.source)}
        self._named |= _loss_inputs(document)

    def without(self, layer: LayerPlan) -> Patch | None:
        """The patch that takes a layer out, if it may be missed."""
        entry = self._entries.get(layer.name)
        if entry is None or entry.name in self._named or entry.source is not None:
            return None
        return remove(layer.source)

    def with_field(self, layer: LayerPlan, field: str, value: Any) -> Patch | None:
        """The patch that changes a field which is written as a plain value."""
        entry = self._entries.get(layer.name)
        if entry is None or not isinstance(entry.written, dict) or field not in entry.written:
            return None
        if "$" in str(entry.written[field]):
            return None
        return replace(f"{layer.source}/{field}", value)

    def instead(self, layer: LayerPlan, type: str) -> Patch | None:
        """The patch that puts a layer of another type there, which takes no fields."""
        entry = self._entries.get(layer.name)
        if entry is None or entry.fields:
            return None
        spelt = isinstance(entry.written, dict)
        return replace(f"{layer.source}/type" if spelt else layer.source, type)


def batch_size(document: Mapping[str, Any], size: int | str) -> tuple[str, Patch]:
    """Where a batch size stands or is left out, and the patch that says another."""
    written = document.get("train")
    if not written:
        return "/train" if "train" in document else "", add("/train", {"batch_size": size})
    place = "/train/batch_size" if "batch_size" in written else "/train"
    return place, add("/train/batch_size", size)


def _names(source: Any) -> list[str]:
    each = list(source.values()) if isinstance(source, dict) else source
    each = each if isinstance(each, list) else [each]
    return [name.partition(".")[0] for name in each if isinstance(name, str)]


def _loss_inputs(document: Mapping[str, Any]) -> set[str]:
    losses = (document.get("train") or {}).get("losses") or ()
    named = [
        loss.get(field)
        for loss in losses
        if isinstance(loss, Mapping)
        for field in ("input", "other")
    ]
    return {name for name in named if name}
