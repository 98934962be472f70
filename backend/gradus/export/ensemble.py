"""Several members of one network in a script: trained side by side, heard together."""

from gradus.planned import Plan

SEEDS = '''
def seeds():
    """The seed of each member: the first has that of the spec."""
    return [SEED, *(derive(SEED, "member", str(place)) for place in range(1, MEMBERS))]


def members():
    """Networks that differ in their first values; the first has those of a file, if there is one."""
    return [network(seed) for seed in seeds()]
'''
ALONE = '''
def members():
    """The network that is trained; what it was at each cycle's end comes behind it."""
    return [network()]
'''
TRAIN = '''
def train(models, parts, epochs=EPOCHS):
    """Trains all side by side; yields the mean losses of the steps of each epoch."""
    each = [
        learn(model, OWN, seed, epochs)
        for MEMBER in zip(models, seeds())
    ]
    for losses in zip(*each):
        yield [sum(own) / len(own) for own in zip(*losses)]
'''
BAG = '''
def bag(part, seed, place):
    """As many samples, drawn with replacement (Breiman 1996)."""
    x, y = part
    generator = torch.Generator().manual_seed(derive(seed, "bag", str(place)))
    chosen = torch.randint(len(x), (len(x),), generator=generator)
    return x[chosen], y[chosen]
'''
SNAPSHOTS = '''
def train(models, parts, epochs=EPOCHS):
    """Trains one network; what it is at the end of each cycle of its rate is a member."""
    yield from learn(models[0], parts, SEED, models, epochs)
'''
TOGETHER = '''
def together(models, x):
    """What all say, each alone [M, N, units]; of snapshots those of the cycles that are over."""
    heard = HEARD
    for model in heard:
        model.eval()
    return torch.stack([CALL for model in heard])
'''
JOINED = {
    "binary_cross_entropy": (
        "torch.logit(torch.sigmoid(each).mean(0), eps=torch.finfo(each.dtype).eps)"
    ),
    "cross_entropy": (
        "torch.softmax(each, 2).mean(0).clamp(min=torch.finfo(each.dtype).tiny).log()"
    ),
}
EVALUATE = '''
@torch.no_grad()
def evaluate(models, x, y):
    """Loss and MEASURE of all members together."""
    each = together(models, x)
    output = JOINED
    loss = objective(output, x, y).item()
VOTE    return loss, COUNTED
'''
VOTES = {
    True: "    output = each.sign().mean(0)\n",
    False: "    output = F.one_hot(each.argmax(2), each.shape[2]).double().mean(0)\n",
}


class Members:
    """The text of an ensemble around `learn`, the training of one member.

    `counted` says the measure of an `output`, `call` is the forward pass.
    """

    def __init__(self, plan: Plan, *, counted: str, call: str) -> None:
        assert plan.train.ensemble is not None
        assert plan.dataset is not None
        self._plan = plan
        self._counted = counted
        self._call = call
        self.method: str = plan.train.ensemble["method"]
        self.count: int = plan.train.ensemble["members"]
        self._regression = plan.dataset.task == "regression"

    @property
    def snapshots(self) -> bool:
        return self.method == "snapshot"

    @property
    def arguments(self) -> str:
        """What `learn` takes behind the model and the parts."""
        return "seed, models, epochs" if self.snapshots else "seed, epochs"

    @property
    def share(self) -> str:
        """What the rate of a step is multiplied by; "" where that is another's affair."""
        if not self.snapshots:
            return ""
        return "(1 + math.cos(math.pi * (cycle % 1))) / 2"

    @property
    def before(self) -> list[str]:
        """Before a step."""
        whole = "(epoch + start / len(x)) * MEMBERS / EPOCHS"
        return [f"cycle = {whole}"] if self.snapshots else []

    @property
    def after(self) -> list[str]:
        """After a step."""
        if not self.snapshots:
            return []
        drawn = "(epoch * len(x) + min(start + BATCH_SIZE, len(x)))"
        return [
            f"if {drawn} * MEMBERS // (EPOCHS * len(x)) >= len(models):",
            "    models.append(copy.deepcopy(model))",
        ]

    def text(self) -> str:
        """From `members` to `train` and `evaluate`."""
        heard = "models[1:] or models" if self.snapshots else "models"
        together = TOGETHER.replace("HEARD", heard).replace("CALL", self._call.format("x"))
        if self.snapshots:
            made = [ALONE, SNAPSHOTS]
        else:
            own, member = ("parts", "model, seed")
            if self.method == "bagging":
                own = '{"train": bag(parts["train"], seed, place)}'
                member = "place, (model, seed)"
            train = TRAIN.replace("OWN", own).replace("MEMBER", member)
            if self.method == "bagging":
                train = train.replace("in zip(models", "in enumerate(zip(models")
                train = train.replace("seeds())\n", "seeds()))\n")
            made = [SEEDS, *([BAG] if self.method == "bagging" else []), train]
        return "\n".join([*made, together, self._evaluate()])

    def _evaluate(self) -> str:
        output = self._plan.network.shapes[self._plan.network.output]
        kind = self._plan.train.losses[0].type
        text = EVALUATE.replace("JOINED", JOINED.get(kind, "each.mean(0)"))
        votes = self.method == "vote" and not self._regression
        text = text.replace("VOTE", VOTES[output == (1,)] if votes else "")
        counted = self._counted
        return text.replace("MEASURE", "R²" if self._regression else "accuracy").replace(
            "COUNTED", counted
        )
