"""Problems with texts as data, in English."""

WORDS: dict[str, str] = {
    "transform.text": "{type} cannot be done to texts.",
    "transform.text.hint": "Texts take tokenize and pad; leave it out.",
    "transform.no_text": "{type} reads texts, which these data are not.",
    "transform.no_text.hint": "Leave it out.",
    "transform.tokens": "{type} reads texts, but here they are tokens already.",
    "transform.tokens.hint": "Leave it out.",
    "network.input_kind": "{name} gives numbers of the kind {dtype}, but input says otherwise.",
    "network.input_kind.hint": "Leave input out: it is taken from the data.",
    "embedding.words": "{name} holds {wanted} different numbers, but this table has {words} rows.",
    "embedding.words.hint": "Set words to {wanted}, or let tokenize give fewer.",
    "loss.text": "{type} cannot be held against texts.",
    "loss.text.hint": "Hold it against target.",
}
