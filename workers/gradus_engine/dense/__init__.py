"""Training of dense networks as one compiled loop.

A network of a few hundred numbers spends nearly all of its time between the operations of
PyTorch, not in them. Here forward pass, gradient and update of many steps are one call into machine
code. Weights, gradients and the optimizer's vectors stay where the session keeps them; everything
but the steps themselves (pictures, checkpoints, evaluations) goes on through PyTorch.
"""
