"""What the end of an epoch decides in a script: the rate on a plateau, the end before the end."""

from collections.abc import Mapping
from typing import Any

from gradus.planned import Plan
from gradus.steering import GROWING

PATIENCE = '''
class Patience:
    """How many epochs in a row a measure, the less the better, has not improved."""

    def __init__(self, epochs, least):
        self.epochs, self.least = epochs, least
        self.best, self.waited = math.inf, 0

    def improved(self, measure):
        better = measure < self.best - self.least
        if better:
            self.best, self.waited = measure, 0
        else:
            self.waited += 1
        return better

    @property
    def over(self):
        return self.waited >= self.epochs
'''
PLATEAU = '''
class Plateau:
    """What is left of the learning rate: it falls where a measure no longer improves."""

    def __init__(self):
        self.patience = Patience({patience}, {min_delta})
        self.share, self.cooling = 1.0, 0

    def judge(self, measure):
        self.patience.improved(measure)
        if self.cooling:
            self.cooling -= 1
            self.patience.waited = 0
        if self.patience.over:
            self.share = max(self.share * {factor}, {floor})
            self.cooling, self.patience.waited = {cooldown}, 0
'''
TRAIN_EVAL = 1000  # training samples that are measured at an epoch's end
COUNTED = {
    "accuracy": "({answers} == y).float().mean().item()",
    "exact_match": "({answers} == y).float().mean().item()",
    "error": "1 - ({answers} == y).float().mean().item()",
    "top5": "(output.topk(5, dim=1).indices == y.unsqueeze(1)).any(1).float().mean().item()",
    "perplexity": "F.cross_entropy(output.double(), y).exp().item()",
    "r2": "(1 - (output - y.reshape(output.shape)).square().sum() / (y - y.mean(0)).square().sum()).item()",
}


def steers(plan: Plan) -> bool:
    train = plan.train
    return train.early_stopping is not None or train.schedule["type"] == "plateau"


class Steering:
    """Text of all that steers the training of one network. `several` where the forward pass gives
    more than its output, `answers` says the classes of an `output`, `call` is the forward pass."""

    def __init__(self, plan: Plan, *, several: bool, answers: str, call: str) -> None:
        self._early = plan.train.early_stopping
        schedule = plan.train.schedule
        self._plateau = schedule if schedule["type"] == "plateau" else None
        self._several = several
        self._answers = answers
        self._call = call

    @property
    def helpers(self) -> list[str]:
        sections = [each for each in (self._early, self._plateau) if each]
        named = dict.fromkeys(each["measure"].partition("/")[2] for each in sections)
        parts = [PATIENCE] if sections else []
        if self._plateau:
            parts.append(PLATEAU.format(**self._plateau))
        return [*parts, *(self._measure(name) for name in named)]

    @property
    def before(self) -> list[str]:
        lines = ["plateau = Plateau()"] if self._plateau else []
        if self._early:
            said = f"{self._early['patience']}, {self._early['min_delta']}"
            lines.append(f"patience = Patience({said})")
            lines += ["best = None"] if self._early["restore_best"] else []
        return lines

    @property
    def share(self) -> str:
        """What is left of the rate; "" where no plateau is waited for."""
        return "plateau.share" if self._plateau else ""

    @property
    def at_end(self) -> list[str]:
        """At each epoch's end."""
        lines = []
        if self._plateau:
            lines.append(f"plateau.judge({self._judged(self._plateau)})")
        if self._early and self._early["restore_best"]:
            lines.append(f"if patience.improved({self._judged(self._early)}):")
            lines.append("    best = copy.deepcopy(model.state_dict())")
        elif self._early:
            lines.append(f"patience.improved({self._judged(self._early)})")
        return lines

    @property
    def behind(self) -> list[str]:
        """Behind the losses of an epoch."""
        return ["if patience.over:", "    break"] if self._early else []

    @property
    def after(self) -> list[str]:
        """When all is over."""
        if not self._early or not self._early["restore_best"]:
            return []
        return ["if best is not None:", "    model.load_state_dict(best)"]

    def _measure(self, name: str) -> str:
        lines = ["", "@torch.no_grad()", f"def {name}_of(model, x, y):"]
        lines += ['    """Measured at each epoch\'s end."""', "    model.eval()"]
        made = "outputs" if self._several and name == "loss" else "output"
        first = "[0]" if self._several and name != "loss" else ""
        lines.append(f"    {made} = {self._call.format('x')}{first}")
        if name == "loss":
            return "\n".join([*lines, f"    return objective({made}, x, y).item()", ""])
        said = COUNTED[name].format(answers=self._answers)
        return "\n".join([*lines, f"    return {said}", ""])

    @staticmethod
    def _judged(fields: Mapping[str, Any]) -> str:
        part, _, name = str(fields["measure"]).partition("/")
        sign = "-" if name in GROWING else ""
        if part == "train_eval":
            return f'{sign}{name}_of(model, *(each[:{TRAIN_EVAL}] for each in parts["train"]))'
        return f'{sign}{name}_of(model, *parts["{part}"])'
