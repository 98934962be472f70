"""Shapes, counts and costs of expanded layers, one pass in order."""

from collections.abc import Iterable, Mapping, Sequence

from gradus import limits
from gradus.composites.expansion import Expanded
from gradus.inference import Inference
from gradus.patch import replace
from gradus.planned import DatasetPlan, LayerPlan, Shape
from gradus.pointer import join
from gradus.problems import Report


def infer(
    layers: Sequence[Expanded],
    inputs: Mapping[str, Shape],
    dtypes: Mapping[str, str],
    report: Report,
    words: int | None = None,
) -> tuple[LayerPlan, ...]:
    """The plan of every layer whose inputs are known; reports each layer that does not fit.

    `dtypes` holds the inputs that are not float32, `words` says how many whole numbers there are.
    """
    inference = Inference(inputs, dtypes, report, words)
    for each in layers:
        inference.take(each)
    return tuple(inference.plans)


def check_totals(plans: Sequence[LayerPlan], report: Report) -> None:
    """Reports counts that are too large over all layers of a document."""
    parameters = [plan.parameter_count for plan in plans]
    _check_total("limit.parameters", parameters, limits.PARAMETERS, plans, report)
    products = [plan.multiply_adds for plan in plans]
    _check_total("limit.multiply_adds", products, limits.MULTIPLY_ADDS, plans, report)


def _check_total(
    code: str, counts: Sequence[int], limit: int, plans: Sequence[LayerPlan], report: Report
) -> None:
    total = sum(counts)
    if total <= limit:
        return
    largest = plans[counts.index(max(counts))]
    report.add(
        code,
        largest.source,
        layer=largest.name,
        expected=f"≤ {limit}",
        got=str(total),
        count=total,
        limit=limit,
    )


def check_words(layers: Iterable[LayerPlan], dataset: DatasetPlan | None, report: Report) -> None:
    """Reports tables of vectors with fewer rows than the texts have numbers."""
    if dataset is None or not dataset.words:
        return
    for layer in layers:
        words = layer.fields.get("words")
        if words is not None and words < dataset.words:
            place = join(layer.source, "words")
            report.add(
                "embedding.words", place, layer=layer.name, expected=f"≥ {dataset.words}",
                got=str(words), fix=replace(place, dataset.words), words=words,
                wanted=dataset.words, name=dataset.name,
            )  # fmt: skip
