"""Which members of a sweep share one job: small nets whose rows would cost more than their training.

A job is claimed, leased and given back as a whole; of its members one trains after another. Larger
nets have jobs of their own, so that every child finds work to the end.

How long a member trains is reckoned from these figures, one core of two, float32, all of training:

| net, batch | products a step | µs a step |
|---|---|---|
| 2-4-2-1, 10 | 540 | 2.1 |
| 7-8-8-1 behind features, 10 | 3,840 | 2.3 |
| 7-8-8-8-8-8-8-1 behind features, 10 | 11,520 | 4.0 |
| 2-64-64-1, 10 | 128,640 | 8.5 |
| 2-128-128-1, 10 | 503,040 | 22 |
| digits 64-256-256-10, 64 | 16,220,160 | 355 |
| digits CNN, 64, by plain steps | 16,171,008 | 1,580 |
"""

from collections.abc import Sequence

from gradus.planned import Plan
from gradus.sweeps.members import Member

DENSE = frozenset(
    [
        *("features", "linear", "flatten", "dropout", "identity", "relu", "leaky_relu"),
        *("elu", "gelu", "silu", "tanh", "sigmoid"),
    ]
)
# What a step costs apart from its products, and a product.
DENSE_SECONDS = 2e-6, 0.04e-9
SECONDS = 500e-6, 0.07e-9
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
    a_step, a_product = DENSE_SECONDS if dense else SECONDS
    return steps * a_step + products * a_product
