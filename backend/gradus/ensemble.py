"""Several members of one network, trained in one run and heard together."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from gradus.patch import remove, replace
from gradus.planned import LossPlan, NetworkPlan
from gradus.problems import Report
from gradus.section import Section

Method = Annotated[
    Literal["average", "vote", "bagging", "snapshot"],
    Field(
        description="average: other initial values and orders, answers averaged; vote: the same, "
        "answers counted; bagging: each draws its samples with replacement (Breiman 1996); "
        "snapshot: one network, kept at the end of each cosine cycle (Huang et al. 2017)."
    ),
]


class Ensemble(Section):
    """Members that answer together; results are those of all, and of each beside them."""

    members: Annotated[
        int, Field(strict=True, ge=2, le=32, description="How many networks answer together.")
    ] = 5
    method: Method = "average"


def check_ensemble(
    ensemble: Ensemble | None,
    network: NetworkPlan,
    losses: Sequence[LossPlan],
    *,
    epochs: int,
    unfit: str | None,
    scheduled: bool,
    report: Report,
) -> None:
    """Reports what an ensemble cannot be trained with.

    Args:
        unfit: the field of `train` that goes by one network alone; None where there is none.
        scheduled: whether the learning rate has a schedule.
    """
    if ensemble is None:
        return
    path = "/train/ensemble"
    heard = len(losses) == 1 and losses[0].judges and losses[0].input == network.output
    if unfit is not None:
        report.add("train.ensemble_alone", path, fix=remove(f"/train/{unfit}"), field=unfit)
    elif not heard and not report:
        report.add("train.ensemble_losses", path, fix=remove(path))
    if ensemble.method != "snapshot":
        return
    if scheduled and unfit is None:
        report.add("train.ensemble_schedule", path, fix=remove("/train/schedule"))
    if ensemble.members > epochs:
        told = {"members": ensemble.members, "epochs": epochs}
        fix = replace("/train/epochs", ensemble.members)
        report.add("train.ensemble_cycles", path, fix=fix, **told)
