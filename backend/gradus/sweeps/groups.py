"""Which members of a sweep share one job: small nets whose rows would cost more than their training.

A job is claimed, leased and given back as a whole; of its members one trains after another. Larger
nets have jobs of their own, so that every child finds work to the end.
"""

from collections.abc import Sequence

from gradus.planned import Plan
from gradus.sweeps.members import Member

# Measured on one core of 2 GHz: what a step costs apart from its products, and a product.
DENSE = frozenset({"linear", "identity", "flatten", "dropout", "relu", "tanh", "sigmoid"})
DENSE_STEP_SECONDS = 20e-6
STEP_SECONDS = 500e-6
PRODUCT_SECONDS = 1e-9
JOB_SECONDS = 1.0  # of training in one job: a hundred times what its claim costs
MOST = 16
JOBS_A_CHILD = 4  # so that the children end at about the same time


def groups(members: Sequence[Member], children: int, at_once: int | None) -> list[int]:
    """Sizes of the jobs, in the order of the members.

    With `at_once` each has a job of its own: of a group that is looked at, several train by turns.
    """
    if at_once is not None:
        return [1] * len(members)
    fair = -(-len(members) // (JOBS_A_CHILD * max(1, children)))
    sizes: list[int] = []
    seconds = 0.0
    for member in members:
        own = seconds_of(member.plan)
        if sizes and sizes[-1] < min(fair, MOST) and seconds + own <= JOB_SECONDS:
            sizes[-1] += 1
            seconds += own
        else:
            sizes.append(1)
            seconds = own
    return sizes


def seconds_of(plan: Plan) -> float:
    """A rough guess at the whole training of a member."""
    samples = plan.dataset.sizes["train"] if plan.dataset else 1
    steps = plan.train.epochs * -(-samples // plan.train.batch_size)
    dense = not plan.several and all(layer.type in DENSE for layer in plan.layers)
    products = 3 * plan.train.epochs * samples * plan.totals.multiply_adds
    each = DENSE_STEP_SECONDS if dense else STEP_SECONDS
    return steps * each + products * PRODUCT_SECONDS
