"""The learning rate over a training: what it is multiplied by."""

from collections.abc import Mapping
from typing import Any

from gradus.problems import Report

# What the rate is multiplied by when `epochs` are over.
SCHEDULES = {
    "step": "return {gamma} ** (epochs // {every})",
    "exponential": "return {gamma} ** math.floor(epochs)",
    "cosine": "return fall(1.0, {floor}, epochs / EPOCHS)",
    "one_cycle": (
        "passed = epochs / EPOCHS\n"
        "if passed < {rise}:\n"
        "    return fall({start}, 1.0, passed / {rise})\n"
        "return fall(1.0, {floor}, (passed - {rise}) / (1 - {rise}))"
    ),
    "warmup": (
        "if epochs < {epochs}:\n    return {start} + (1 - {start}) * epochs / {epochs}\nreturn {then}"
    ),
}
FALL = '''
def fall(first, last, passed):
    """Half a cosine from `first` at 0 to `last` at 1, where it stays."""
    return last + (first - last) * (1 + math.cos(math.pi * min(1.0, passed))) / 2
'''
SHARE = '''
def share(epochs):
    """What the learning rate is multiplied by when so many epochs are over."""
'''
UNSHARED = ("constant", "plateau")  # what does not follow from the number of epochs


def share(schedule: Mapping[str, Any], report: Report) -> str:
    """`share(epochs)` and what it calls; "" where the epochs alone say nothing."""
    kind = str(schedule["type"])
    if kind in UNSHARED:
        return ""
    if kind not in SCHEDULES:
        report.add("export.value", "/train/schedule", field="schedule", value=kind)
        return ""
    values = {name: repr(schedule[name]) for name in schedule}
    if kind == "warmup":
        slow = schedule["after"] == "inverse_sqrt"
        values["then"] = f"math.sqrt({values['epochs']} / epochs)" if slow else "1.0"
    text = SCHEDULES[kind]
    if kind == "one_cycle" and schedule["rise"] == 1:
        text = text.rpartition("\n")[0] + "\nreturn 1.0"
    body = "\n".join(f"    {line}" for line in text.format(**values).split("\n"))
    return (FALL + "\n" if "fall(" in text else "") + SHARE + body + "\n"
