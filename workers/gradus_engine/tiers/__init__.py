"""Faster ways to the gradient of a step: compiled ahead for a processor, recorded once for a GPU.

Each computes what plain steps compute from the same tensors; update, penalties and clipping stay
where they are, since they cost a handful of operations on one vector. A run changes over between
two steps, and the worker writes down at which.
"""
