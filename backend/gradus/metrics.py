"""What is counted beside the losses."""

from collections.abc import Sequence

from gradus.patch import remove
from gradus.planned import DatasetPlan, LossPlan
from gradus.problems import Report

# What is counted unless said, by the task of the data.
USUAL: dict[str, tuple[str, ...]] = {"classification": ("accuracy",), "regression": ("r2",)}
FITTING = {
    "classification": {"accuracy", "error", "top5", "exact_match", "perplexity", "confusion"},
    "regression": {"r2"},
}
# An answer among the five likeliest of five classes is no news.
_TOP = 5


def plan_metrics(
    written: Sequence[str] | None,
    dataset: DatasetPlan | None,
    losses: Sequence[LossPlan],
    output: str,
    report: Report,
    *,
    answers: bool,
) -> tuple[str, ...]:
    """What is counted; reports what the data or the losses do not allow.

    Args:
        written: what the document asks for; None where it leaves that to the task.
        output: name of the layer whose output is the network's.
        answers: whether the network's output is held against the target.
    """
    if dataset is None:
        return tuple(written or ())
    if written is None:
        return USUAL[dataset.task] if answers else ()
    if written and not answers and not report:
        report.add("train.metric_answer", "/train/metrics", fix=remove("/train/metrics"))
    entropy = any(loss.type == "cross_entropy" and loss.input == output for loss in losses)
    for index, metric in enumerate(written):
        code, classes = _fault(metric, dataset, entropy), len(dataset.classes)
        if code is not None:
            path = f"/train/metrics/{index}"
            told = {"metric": metric, "classes": classes}
            report.add(code, path, got=metric, fix=remove(path), **told)
    return tuple(written)


def plan_purity(
    written: Sequence[str] | None, dataset: DatasetPlan | None, report: Report
) -> tuple[str, ...]:
    """What is counted of clusters: their purity, where the samples have classes."""
    if dataset is None:
        return tuple(written or ())
    fitting = ("purity",) if dataset.classes else ()
    for index, metric in enumerate(written or ()):
        if metric not in fitting:
            path = f"/train/metrics/{index}"
            report.add("train.metric_clusters", path, got=metric, fix=remove(path), metric=metric)
    return fitting if written is None else tuple(written)


def _fault(metric: str, dataset: DatasetPlan, entropy: bool) -> str | None:
    if metric not in FITTING[dataset.task]:
        return "train.metric_task"
    if metric == "top5" and len(dataset.classes) <= _TOP:
        return "train.metric_classes"
    return "train.metric_loss" if metric == "perplexity" and not entropy else None
