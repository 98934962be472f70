"""导出时的提示。"""

WORDS: dict[str, str] = {
    "export.layer": "脚本目前还无法表达 {type}。",
    "export.layer.hint": "可以导出权重，或去掉 {type}。",
    "export.field": "脚本目前还无法表达 {type} 的 {field}。",
    "export.field.hint": "可以去掉 {field}，或导出权重。",
    "export.value": "脚本目前还无法表达 {field}: {value}。",
    "export.value.hint": "可以为 {field} 换一个值，或导出权重。",
    "export.word": "脚本目前还无法表达 {word}。",
    "export.word.hint": "可以去掉 {word}，或导出权重。",
    "export.data": "脚本自己无法生成或读取 {name}。",
    "export.data.hint": "可以改用内置数据，或导出权重。",
}
