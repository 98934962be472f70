"""English. `code` is the sentence, `code.hint` its remedy; both languages have the same keys and params."""

from gradus.words.en_export import WORDS as EXPORT
from gradus.words.en_function import WORDS as FUNCTION
from gradus.words.en_networks import WORDS as NETWORKS
from gradus.words.en_problems import WORDS as PROBLEMS
from gradus.words.en_runs import WORDS as RUNS
from gradus.words.en_service import WORDS as SERVICE
from gradus.words.en_source import WORDS as SOURCE
from gradus.words.en_sweeps import WORDS as SWEEPS
from gradus.words.en_text import WORDS as TEXT
from gradus.words.en_weights import WORDS as WEIGHTS

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
