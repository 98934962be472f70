"""Published networks as documents, by name."""

from gradus.zoo.adversarial import ADVERSARIAL
from gradus.zoo.early import EARLY
from gradus.zoo.entry import Entry
from gradus.zoo.googlenet import GOOGLENET
from gradus.zoo.inception import INCEPTION
from gradus.zoo.resnet import RESNET
from gradus.zoo.sequences import SEQUENCES
from gradus.zoo.texts import TEXTS
from gradus.zoo.vgg import VGG

_ALL = (*EARLY, *VGG, *GOOGLENET, *INCEPTION, *RESNET, *SEQUENCES, *TEXTS, *ADVERSARIAL)
ZOO: dict[str, Entry] = {entry.name: entry for entry in _ALL}

__all__ = ["ZOO", "Entry"]
