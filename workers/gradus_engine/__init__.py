"""The PyTorch engine: builds a planned network, trains it and answers probes. Importable alone in a notebook."""
