"""Words of the language that this version knows but does not offer yet.

They are answered with "not available yet", so that nobody takes them for a slip. A word leaves
this file when its feature arrives.
"""

DOCUMENT: frozenset[str] = frozenset()
DATA = frozenset({"id"})
TRAIN: frozenset[str] = frozenset()
LAYERS: frozenset[str] = frozenset()
CHOICES: frozenset[str] = frozenset()
