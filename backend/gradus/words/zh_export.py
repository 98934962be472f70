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
    "export.onnx.layer": "ONNX 无法表达 {type}。",
    "export.onnx.layer.hint": "可以导出权重或 PyTorch 脚本，或去掉 {type}。",
    "export.onnx.field": "ONNX 无法表达 {type} 的 {field}。",
    "export.onnx.field.hint": "可以去掉 {field}，或导出权重。",
    "export.onnx.network": "没有名为 {name} 的网络：这份文档里有 {known}。",
    "export.onnx.network.hint": "请写出其中一个的名字。",
    "export.onnx.function": "普通函数不是网络，ONNX 里放不下。",
    "export.onnx.function.hint": "可以把它的曲线导出为 CSV 或 Parquet。",
    "export.onnx.ensemble": "一个 ONNX 文件只装一个网络，而这次运行取多个网络的平均。",
    "export.onnx.ensemble.hint": "可以导出权重，或不用集成来训练。",
}
