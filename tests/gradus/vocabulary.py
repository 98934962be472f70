"""Hypothesis strategies over every word of the catalogue, so that a new word is drawn by itself.

`documents_of_all_words()` plan, build, train a step within a second and can be exported.
"""

import copy
from functools import cache
from typing import Any

from hypothesis import strategies as st

from gradus.catalogue import catalogue, composites, training
from gradus.plan import plan
from gradus.problems import SpecError
from tests.gradus import alternations
from tests.gradus.specs import Document, datas, fields, networks, sound_documents

MOST = 6  # above the least that a whole number may be
LARGE = 20_000  # parameters of what is to be built in no time


def like(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a field's schema allows, small ones."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for choices in ("anyOf", "oneOf"):
        if choices in schema:
            return st.one_of([like(each) for each in schema[choices]])
    match schema.get("type"):
        case "boolean":
            return st.booleans()
        case "integer":
            least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
            return st.integers(least, min(least + MOST, schema.get("maximum", least + MOST)))
        case "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
            most = schema.get("maximum", schema.get("exclusiveMaximum", least + 1))
            spread = min(most, least + 1) - least
            return st.sampled_from([0.25, 0.5, 0.75]).map(lambda share: least + share * spread)
        case "array":
            count = max(1, schema.get("minItems", 1))
            kinds = schema.get("prefixItems", [schema.get("items", {})] * count)
            return st.tuples(*[like(each) for each in kinds]).map(list)
        case "object":
            own = schema.get("properties", {})
            kept = {n: like(each) for n, each in own.items() if n in schema.get("required", ())}
            kept |= {"type": like(own["type"])} if "type" in own else {}
            return st.fixed_dictionaries(kept)
    return st.none()


@cache
def words() -> dict[str, dict[str, Any]]:
    """Every layer and composite as the catalogue tells it."""
    return {each["type"]: each for each in [*catalogue(), *composites()]}


@cache
def taught_words() -> dict[str, dict[str, Any]]:
    """The fields of `train` that may change without another network: name to schema."""
    known: dict[str, dict[str, Any]] = training()["fields"]
    kept = {"steps", "losses", "on_nan", "epochs"}  # said by the network, or by time
    return {name: schema for name, schema in known.items() if name not in kept}


@st.composite
def worked_documents(draw: st.DrawFn) -> Document:
    """The worked example of any word, with other values in some of its fields."""
    word = words()[draw(st.sampled_from(sorted(words())))]
    document: Document = copy.deepcopy(word["example"]["document"])
    document["train"] = {"seed": draw(st.integers(0, 99))}
    for _ in range(draw(st.integers(0, 3)) if word["fields"] else 0):
        name = draw(st.sampled_from(sorted(word["fields"])))
        _try(document, word["type"], name, draw(like(word["fields"][name])))
    return document


def _try(document: Document, type: str, name: str, value: Any) -> None:
    """Another value in the example's layer; not where nothing sound comes of it."""
    layers = document["network"]["layers"]
    at = next((at for at, each in enumerate(layers) if _type(each) == type), None)
    if at is None or name in ("type", "name", "from", "body", "branches", "to", "use", "with"):
        return
    before = layers[at]
    layers[at] = {**({"type": before} if isinstance(before, str) else before), name: value}
    if not is_light(document):
        layers[at] = before


def _type(entry: Any) -> Any:
    return entry.get("type") if isinstance(entry, dict) else entry


def is_light(document: Document) -> bool:
    """Whether a document can be planned, and built in no time."""
    try:
        planned = plan(document)
    except SpecError:
        return False
    return planned.totals.parameters < LARGE and planned.totals.multiply_adds < 10_000_000


def light(documents: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    return documents.filter(is_light)


@st.composite
def taught_documents(draw: st.DrawFn) -> Document:
    """Networks on data, with other values in any of the fields of `train`."""
    document = copy.deepcopy(draw(sound_documents()))
    document["train"]["batch_size"] = 16
    known = taught_words()
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(known)))
        value = draw(like(known[name]))
        changed = {**document, "train": {**document["train"], name: value}}
        document = changed if is_light(changed) else document
    return document


def members() -> st.SearchStrategy[Document]:
    """Ensembles, and rules that follow no losses."""
    ensemble = st.fixed_dictionaries(
        {
            "members": st.integers(2, 3),
            "method": st.sampled_from(["average", "vote", "bagging", "snapshot"]),
        }
    )
    rules = fields(ensemble=ensemble, optimizer=st.sampled_from(["perceptron", "kmeans", "adam"]))

    def taught(data: Document, settings: Document) -> Document:
        settings = {"epochs": 3, "batch_size": 10, **settings}
        layers = [{"type": "linear", "units": 4, "activation": "tanh"}, "linear"]
        layers = layers if data["name"] != "digits" else ["flatten", *layers]
        return {"spec": "nn/1", "data": data, "network": {"layers": layers}, "train": settings}

    return light(st.builds(taught, datas(), rules))


def several() -> st.SearchStrategy[Document]:
    """Several networks that train by turns."""
    settings = fields(
        clip=st.sampled_from([{"norm": 0.5}, {"value": 0.1}]),
        l1=st.floats(0, 0.01),
        l2=st.floats(0, 0.01),
        weight_decay=st.floats(0, 0.1),
        schedule=st.sampled_from(["cosine", "one_cycle", "exponential"]),
        order=st.sampled_from(["sorted", "stratified"]),
        precision=st.sampled_from(["float64", "bfloat16"]),
        seed=st.integers(0, 99),
    )
    other = fields(
        every=st.integers(1, 3),
        repeat=st.integers(1, 3),
        update=st.sampled_from([["g"], ["g", "d"]]),
        optimizer=st.sampled_from(["sgd", "adamw", {"type": "rmsprop", "learning_rate": 0.1}]),
    )

    def turned(make: Any, own: Document, step: Document) -> Document:
        document: Document = make(**own)
        document["train"]["steps"][1].update(step)
        return document

    kinds = st.sampled_from([alternations.gan, alternations.conditional_gan])
    return light(st.builds(turned, kinds, settings, other))


def functions() -> st.SearchStrategy[Document]:
    """Plain functions of one or two variables."""
    leaves = st.sampled_from(["x", "y", "2", "0.5", "pi", "1e-3"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        called = st.builds("{}({})".format, st.sampled_from(["sin", "cos", "exp", "tanh"]), inner)
        joined = st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)
        bare = st.builds("{} {} -{}".format, inner, st.sampled_from("+-*"), inner)
        return st.one_of(
            called, joined, bare, inner.map("-{}**2".format), inner.map("(2**{})".format)
        )

    expressions = st.recursive(leaves, larger, max_leaves=5)
    rate = st.sampled_from([0.01, 0.1])
    optimizers = st.builds(
        lambda type, rate: {"type": type, "learning_rate": rate},
        st.sampled_from(["sgd", "adam", "adamw", "rmsprop"]),
        rate,
    )

    def descended(expression: str, start: list[float], optimizer: Document) -> Document:
        own = [start[0]] * ("x" in expression.replace("exp", "")) + [start[1]] * ("y" in expression)
        function = {"expression": expression, "start": own}
        train = {"epochs": 5, "optimizer": optimizer}
        return {"spec": "nn/1", "function": function, "train": train}

    starts = st.lists(st.sampled_from([-1.5, 0.3, 2.0]), min_size=2, max_size=2)
    return light(st.builds(descended, expressions, starts, optimizers))


def documents_of_all_words() -> st.SearchStrategy[Document]:
    """Sound documents over every word; half of them for the catalogue's own examples."""
    others = [sound_documents(), taught_documents(), members(), several(), functions()]
    return st.booleans().flatmap(lambda own: worked_documents() if own else st.one_of(others))


__all__ = ["documents_of_all_words", "is_light", "networks", "words", "worked_documents"]
