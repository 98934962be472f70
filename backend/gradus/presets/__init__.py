"""Documents to start from, the first one being what a new page opens on."""

from gradus.presets.adversarial import GAN_DIGITS, GAN_RING
from gradus.presets.functions import VALLEYS
from gradus.presets.points import POINTS
from gradus.presets.preset import Preset
from gradus.presets.real import DIGITS_CNN, DIGITS_DENSE, IRIS
from gradus.presets.sequences import DIGITS_LSTM, DIGITS_TRANSFORMER, PHRASES_LSTM

_ALL = (
    *POINTS,
    DIGITS_CNN,
    DIGITS_DENSE,
    DIGITS_LSTM,
    DIGITS_TRANSFORMER,
    PHRASES_LSTM,
    IRIS,
    GAN_RING,
    GAN_DIGITS,
    VALLEYS,
)
PRESETS: dict[str, Preset] = {preset.name: preset for preset in _ALL}
DEFAULT = "spiral"

__all__ = ["DEFAULT", "PRESETS", "Preset"]
