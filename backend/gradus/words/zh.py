"""简体中文. The same keys and params as `en`."""

from gradus.words.zh_export import WORDS as EXPORT
from gradus.words.zh_function import WORDS as FUNCTION
from gradus.words.zh_networks import WORDS as NETWORKS
from gradus.words.zh_problems import WORDS as PROBLEMS
from gradus.words.zh_runs import WORDS as RUNS
from gradus.words.zh_service import WORDS as SERVICE
from gradus.words.zh_source import WORDS as SOURCE
from gradus.words.zh_sweeps import WORDS as SWEEPS
from gradus.words.zh_text import WORDS as TEXT
from gradus.words.zh_weights import WORDS as WEIGHTS

WORDS: dict[str, str] = {
    **EXPORT,
    **FUNCTION,
    **NETWORKS,
    **PROBLEMS,
    **RUNS,
    **SERVICE,
    **SOURCE,
    **TEXT,
    **WEIGHTS,
    **SWEEPS,
}
