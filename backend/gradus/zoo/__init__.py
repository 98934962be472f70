"""Published networks as documents, by name."""

from gradus.zoo.early import EARLY
from gradus.zoo.entry import Entry
from gradus.zoo.googlenet import GOOGLENET
from gradus.zoo.resnet import RESNET
from gradus.zoo.vgg import VGG

ZOO: dict[str, Entry] = {entry.name: entry for entry in (*EARLY, *VGG, *GOOGLENET, *RESNET)}

__all__ = ["ZOO", "Entry"]
