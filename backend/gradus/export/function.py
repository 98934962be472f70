"""A plain function in place of a network: an expression over its variables, descended."""

from typing import Any

from gradus.arithmetic import FUNCTIONS, evaluate, read, variables
from gradus.export.following import Following, Owner, counts_steps
from gradus.export.schedules import UNSHARED, share
from gradus.planned import Plan
from gradus.problems import Report

FUNCTION = '''
class Function(nn.Module):
    """EXPRESSION, from START on."""

    def __init__(self):
        super().__init__()
PARAMETERS

    def forward(self):
        VARIABLES = SELVES
        return VALUE
'''
MAIN = """
def main():
    model = network()
    for epoch, losses in enumerate(train(model), 1):
        if epoch == 1 or epoch % max(1, EPOCHS // 20) == 0:
            there = ", ".join(f"{name} {each.item():.6g}" for name, each in model.named_parameters())
            print(f"step {epoch}: value {losses[0]:.6g}, then {there}")


if __name__ == "__main__":
    main()
"""
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "**": 4}
_VALUE = 5


class Text:
    """A part of an expression, and how strongly what holds it together binds."""

    def __init__(self, text: str, rank: int) -> None:
        self.text = text
        self.rank = rank

    def within(self, rank: int) -> str:
        return self.text if self.rank >= rank else f"({self.text})"


def function(plan: Plan) -> str:
    """The class `Function`."""
    fields = plan.network.layers[0].fields
    steps = read(fields["expression"])
    names = variables(steps)
    values = {name: Text(name, _VALUE) for name in names}
    numbers = tuple(
        step if step.kind != "number" else step._replace(kind="variable", value=repr(step.value))
        for step in steps
    )
    values |= {
        repr(step.value): Text(repr(step.value), _VALUE if step.value >= 0 else _RANKS["negative"])
        for step in steps
        if isinstance(step.value, float)
    }
    value = evaluate(numbers, values, _calls())
    parameters = [
        f"        self.{name} = nn.Parameter(torch.tensor([{float(start)!r}]))"
        for name, start in zip(names, fields["start"], strict=True)
    ]
    said = "".join(
        sign for sign in fields["expression"] if sign.isprintable() and sign not in '"\\'
    )
    start = ", ".join(f"{n} = {v!r}" for n, v in zip(names, fields["start"], strict=True))
    text = FUNCTION.replace("PARAMETERS", "\n".join(parameters)).replace("VALUE", value.text)
    text = text.replace("VARIABLES", ", ".join(names))
    text = text.replace("SELVES", ", ".join(f"self.{name}" for name in names))
    return text.replace("START", start).replace("EXPRESSION", said)


def descent(plan: Plan, report: Report) -> str:
    """`share`, `decay` and `train`."""
    following = Following(plan, Owner(), report)
    shared = "" if plan.train.schedule["type"] in UNSHARED else "share(epoch)"
    parts = [share(plan.train.schedule, report), following.decay]
    lines = ["", "def train(model, epochs=EPOCHS):"]
    lines += ['    """Goes down; yields the value before each step, a list of one."""']
    lines += [f"    {line}" for line in following.before()]
    lines.append("    for epoch in range(epochs):")
    inner = ["step = epoch + 1"] if counts_steps(plan) else []
    inner += ["loss = model().mean()", *following.after(["loss.backward()"], shared)]
    lines += [f"        {line}" for line in [*inner, "yield [loss.item()]"]]
    return "\n".join([*(each for each in parts if each), *lines, ""])


def _calls() -> dict[str, Any]:
    def binary(sign: str) -> Any:
        rank = _RANKS[sign]
        # A power binds from the right, all others from the left.
        left, right = (rank + 1, rank) if sign == "**" else (rank, rank + 1)
        return lambda a, b: Text(f"{a.within(left)} {sign} {b.within(right)}", rank)

    def called(name: str) -> Any:
        return lambda a: Text(f"torch.{name}({a.text})", _VALUE)

    signs: dict[str, Any] = {sign: binary(sign) for sign in _RANKS if sign != "negative"}
    signs["negative"] = lambda a: Text(f"-{a.within(_RANKS['negative'])}", _RANKS["negative"])
    return signs | {name: called(name) for name in FUNCTIONS}
