"""What is said of an export, in English."""

WORDS: dict[str, str] = {
    "export.layer": "A script cannot say {type} yet.",
    "export.layer.hint": "Export the weights, or leave {type} out.",
    "export.field": "A script cannot say {field} of {type} yet.",
    "export.field.hint": "Leave {field} out, or export the weights.",
    "export.value": "A script cannot say {field}: {value} yet.",
    "export.value.hint": "Choose another value of {field}, or export the weights.",
    "export.word": "A script cannot say {word} yet.",
    "export.word.hint": "Leave {word} out, or export the weights.",
    "export.data": "A script cannot draw or load {name} by itself.",
    "export.data.hint": "Choose built-in data, or export the weights.",
    "export.onnx.layer": "ONNX cannot say {type}.",
    "export.onnx.layer.hint": "Export the weights or the PyTorch script, or leave {type} out.",
    "export.onnx.field": "ONNX cannot say {field} of {type}.",
    "export.onnx.field.hint": "Leave {field} out, or export the weights.",
    "export.onnx.network": "There is no network {name}: this document has {known}.",
    "export.onnx.network.hint": "Name one of them.",
    "export.onnx.function": "A plain function is no network that ONNX could hold.",
    "export.onnx.function.hint": "Export its curves as CSV or Parquet.",
    "export.onnx.ensemble": "An ONNX file holds one network, and this run averages several.",
    "export.onnx.ensemble.hint": "Export the weights, or train without an ensemble.",
}
