"""Problems with texts as data, in Chinese."""

WORDS: dict[str, str] = {
    "transform.text": "{type} 不能用于文本。",
    "transform.text.hint": "文本只能用 tokenize 和 pad；去掉它即可。",
    "transform.no_text": "{type} 读取文本，而这份数据不是文本。",
    "transform.no_text.hint": "去掉它即可。",
    "transform.tokens": "{type} 读取文本，而这里已经是词元。",
    "transform.tokens.hint": "去掉它即可。",
    "network.input_kind": "{name} 给出 {dtype} 类型的数，与 input 所写不符。",
    "network.input_kind.hint": "去掉 input：它会从数据取得。",
    "embedding.words": "{name} 中有 {wanted} 个不同的编号，而这张表只有 {words} 行。",
    "embedding.words.hint": "把 words 设为 {wanted}，或让 tokenize 给出更少的编号。",
    "loss.text": "{type} 不能以文本为目标。",
    "loss.text.hint": "请以 target 为目标。",
}
