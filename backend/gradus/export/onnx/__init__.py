"""A plan and its weights as an ONNX file."""
