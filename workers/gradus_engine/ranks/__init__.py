"""One run on several devices of a machine: every batch is shared out among processes.

The process that holds the run is rank 0; it starts the others, and tells them before each step what
the step is to be taken with. Each computes the gradient of its part of the batch; the sum over all
ranks is the batch's own, and every rank follows it, so their weights stay alike. Evaluations,
pictures and checkpoints are rank 0's alone.
"""
