"""The calls of one step: which network reads what, and what shape comes out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradus.call import Call
from gradus.entries import NAME, RESERVED
from gradus.faults import nearest
from gradus.networks import Draft
from gradus.patch import move, replace
from gradus.planned import ANY, CallPlan, DatasetPlan, Shape, shape_json
from gradus.pointer import join
from gradus.problems import Report, show

WORDS = ("batch", "target", "noise")  # what a call reads beside earlier calls
TARGETS = ("ones", "zeros")  # what only a loss is held against
# The series of a step have a level for each call, beside these of their own.
TAKEN = RESERVED | {"loss", "penalty"}


class Calls:
    """Plans the calls of one step in order; a faulty one is told and left out."""

    def __init__(
        self,
        written: Sequence[Call],
        path: str,
        networks: Mapping[str, Draft | None],
        dataset: DatasetPlan | None,
        report: Report,
    ) -> None:
        self.plans: list[CallPlan] = []
        self.known: dict[str, Draft | None] = {}  # by call; None where its network has a fault
        self._networks = networks
        self._dataset = dataset
        self._report = report
        names = list(_names(written))
        for index, (call, name) in enumerate(zip(written, names, strict=True)):
            self._coming = set(names[index:])
            self._take(call, name, join(path, index))

    def shape(self, source: str) -> Shape | None:
        """The shape of `batch`, `target` or a call; None where it is not known or has any."""
        if source in self.known:
            draft = self.known[source]
            return draft.output if draft else None
        if self._dataset is None:
            return None
        if source == "target":
            return self._dataset.target or (1,)
        return self._dataset.input if source == "batch" else None

    def unknown(self, name: str, path: str) -> None:
        """Reports a name that is no call of this step, or one of a later call."""
        if name in self._coming:
            self._report.add("call.forward", path, name=name)
            return
        near = nearest(name, [*self.known, *WORDS])
        fix = replace(path, near) if near else None
        known = ", ".join([*self.known, *WORDS])
        self._report.add(
            "call.unknown", path, expected=known, got=name, fix=fix, name=name, nearest=near
        )

    def _take(self, call: Call, name: str, path: str) -> None:
        self._check_name(name, path if call.name is None else join(path, "name"))
        if call.network not in self._networks:
            self._unknown_network(call.network, join(path, "network"))
            self.known[name] = None
            return
        network = self._networks[call.network]
        sources = self._sources(call, network, join(path, "from"), path)
        self._coming.discard(name)
        self.known[name] = network
        self.plans.append(CallPlan(name, call.network, sources, call.detach))

    def _check_name(self, name: str, path: str) -> None:
        if not NAME.fullmatch(name):
            self._report.add("name.form", path, got=show(name), name=show(name))
        elif name in TAKEN:
            self._report.add("name.reserved", path, name=name)
        elif name in self.known:
            self._report.add("name.taken", path, name=name)

    def _unknown_network(self, name: str, path: str) -> None:
        tell_unknown(name, self._networks, path, self._report)

    def _sources(self, call: Call, network: Draft | None, path: str, whole: str) -> dict[str, str]:
        """What stands at each input of the called network."""
        place = path if "source" in call.model_fields_set else whole
        if isinstance(call.source, str):
            inputs = list(network.inputs) if network else ["input"]
            self._read(call.source, inputs[0], network, call.network, place)
            self._missing(call.network, inputs[1:], place)
            return {inputs[0]: call.source}
        for input, source in call.source.items():
            if network is not None and input not in network.inputs:
                self._no_input(input, call, network, path)
            else:
                self._read(source, input, network, call.network, join(path, input))
        if network is not None:
            left_out = [each for each in network.inputs if each not in call.source]
            self._missing(call.network, left_out, place)
        return dict(call.source)

    def _no_input(self, input: str, call: Call, network: Draft, path: str) -> None:
        sources: Any = call.source
        known, near = ", ".join(network.inputs), nearest(input, network.inputs)
        place, free = join(path, input), near is not None and near not in sources
        fix = move(place, join(path, str(near)), sources[input]) if free else None
        self._report.add(
            "call.input_unknown", place, expected=known, got=input[:80], fix=fix,
            network=call.network, input=input[:80], inputs=known, nearest=near,
        )  # fmt: skip

    def _missing(self, network: str, inputs: Sequence[str], path: str) -> None:
        for input in inputs:
            self._report.add(
                "call.input_missing", path, expected=input, network=network, field=input
            )

    def _read(self, source: str, input: str, network: Draft | None, name: str, path: str) -> None:
        """Holds one source against the input that reads it."""
        if source in TARGETS:
            self._report.add("call.word", path, got=source, name=source)
            return
        if source not in WORDS and source not in self.known:
            self.unknown(source, path)
            return
        if network is None or input not in network.inputs:
            return
        wanted, dtype = network.inputs[input], network.dtype(input)
        if self._one_hot(source, wanted, dtype):
            return
        if dtype != self._dtype(source):
            self._report.add(
                "call.kind", path, expected=dtype, got=self._dtype(source), network=name,
                input=input, source=source, dtype=dtype,
            )  # fmt: skip
        elif source == "noise":
            self._check_noise(wanted, name, path)
        else:
            self._check_shape(source, wanted, name, path)

    def _one_hot(self, source: str, wanted: Shape, dtype: str) -> bool:
        """Whether the class stands as a row of zeros and a one, since so many numbers are read."""
        classes = len(self._dataset.classes) if self._dataset else 0
        return source == "target" and dtype == "float32" and wanted == (classes,)

    def _dtype(self, source: str) -> str:
        if source == "batch" and self._dataset is not None:
            return self._dataset.dtype
        classes = self._dataset is not None and bool(self._dataset.classes)
        return "int64" if source == "target" and classes else "float32"

    def _check_noise(self, wanted: Shape, name: str, path: str) -> None:
        if ANY in wanted:
            self._report.add(
                "call.noise_length", path, got=str(shape_json(wanted)), network=name,
                shape=str(shape_json(wanted)),
            )  # fmt: skip

    def _check_shape(self, source: str, wanted: Shape, name: str, path: str) -> None:
        given = self.shape(source)
        if given is not None and not fits(given, wanted):
            expected, got = str(shape_json(wanted)), str(shape_json(given))
            self._report.add(
                "call.shape", path, expected=expected, got=got, network=name, source=source,
                wanted=expected, given=got,
            )  # fmt: skip


def fits(given: Shape, wanted: Shape) -> bool:
    """Whether a value of one shape may stand where another is read."""
    return len(given) == len(wanted) and all(
        ANY in (one, other) or one == other for one, other in zip(given, wanted, strict=True)
    )


def tell_unknown(name: str, networks: Mapping[str, Any], path: str, report: Report) -> None:
    """Reports a name that is no network of the document."""
    near = nearest(name, networks)
    fix = replace(path, near) if near else None
    known = ", ".join(networks)
    report.add(
        "step.network_unknown", path, expected=known, got=name, fix=fix, name=name, nearest=near
    )


def _names(written: Sequence[Call]) -> Iterator[str]:
    """Names of calls; an unnamed one is its network and its ordinal among the calls of that."""
    counts: dict[str, int] = {}
    for call in written:
        counts[call.network] = counts.get(call.network, 0) + 1
        yield call.name or f"{call.network}_{counts[call.network]}"
