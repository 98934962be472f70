"""Problems of plain functions in Chinese."""

WORDS: dict[str, str] = {
    "function.alone": "函数取代网络：在它旁边，{part} 没有意义。",
    "function.alone.hint": "去掉 {part}，或者去掉 function。",
    "function.unreadable": "{text} 从第 {place} 个字符起无法读懂。",
    "function.unreadable.hint": "请写出每个符号，如 2*x**2，并闭合每个括号。",
    "function.unknown": "没有名为 {name} 的函数或变量。",
    "function.unknown.hint": "变量是一个字母，其后可跟数字：x、w2。函数有 {known}。",
    "function.long": "表达式有 {count} 个字符；上限是 {limit}。",
    "function.deep": "同时打开了 {depth} 层括号；上限是 {limit}。",
    "function.large": "{text} 的值超过了 {limit}。",
    "function.undefined": "{text} 中有一部分没有值，例如除以 0。",
    "function.constant": "表达式里没有可以下降的变量。",
    "function.constant.hint": "至少写一个变量，例如 x。",
    "function.variables": "表达式有 {count} 个变量；上限是 {limit}。",
    "function.start": "起点有 {count} 个数，而变量是 {names}。",
    "function.start.hint": "按字母顺序，每个变量给一个数。",
    "function.nowhere": "函数在起点 {start} 处没有有限的值。",
    "function.nowhere.hint": "请从有值的地方开始。",
    "function.training": "{field} 对普通函数没有意义。",
    "function.training.hint": "去掉它：这里没有样本、损失和层。",
}
