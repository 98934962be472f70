"""Problems of plain functions in English."""

WORDS: dict[str, str] = {
    "function.alone": "A function stands in place of a network: {part} has no meaning beside it.",
    "function.alone.hint": "Leave {part} out, or leave function out.",
    "function.unreadable": "{text} cannot be read at sign {place}.",
    "function.unreadable.hint": "Write every sign, such as 2*x**2, and close every bracket.",
    "function.unknown": "There is no function or variable {name}.",
    "function.unknown.hint": "Variables are a letter, digits behind it: x, w2. Functions are {known}.",
    "function.long": "The expression has {count} signs; {limit} is the limit.",
    "function.deep": "{depth} brackets are open at once; {limit} is the limit.",
    "function.large": "{text} comes to more than {limit}.",
    "function.undefined": "A part of {text} has no value, such as a division by 0.",
    "function.constant": "The expression has no variable to descend by.",
    "function.constant.hint": "Write at least one, such as x.",
    "function.variables": "The expression has {count} variables; {limit} is the limit.",
    "function.start": "The start has {count} numbers, but the variables are {names}.",
    "function.start.hint": "Give one number for each, in the order of the alphabet.",
    "function.nowhere": "The function has no finite value at its start, {start}.",
    "function.nowhere.hint": "Start where it has one.",
    "function.training": "{field} says nothing of a plain function.",
    "function.training.hint": "Leave it out: there are no samples, losses or layers.",
}
