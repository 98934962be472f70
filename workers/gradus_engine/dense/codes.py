"""Numbers that stand for names in the compiled loop, which has no strings to compare."""

FUNCTION_NAMES = (
    "identity",
    "step",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "silu",
    "gelu",
    "gelu_tanh",
    "softmax",
    "log_softmax",
)
(
    IDENTITY,
    STEP,
    SIGMOID,
    TANH,
    RELU,
    LEAKY_RELU,
    ELU,
    SILU,
    GELU,
    GELU_TANH,
    SOFTMAX,
    LOG_SOFTMAX,
) = range(len(FUNCTION_NAMES))
FUNCTIONS = {name: code for code, name in enumerate(FUNCTION_NAMES)}

LOSS_NAMES = (
    "mse",
    "mae",
    "huber",
    "cross_entropy",
    "binary_cross_entropy",
    "hinge",
    "class_hinge",
)
MSE, MAE, HUBER, CROSS_ENTROPY, BINARY_CROSS_ENTROPY, HINGE, CLASS_HINGE = range(len(LOSS_NAMES))
LOSSES = {name: code for code, name in enumerate(LOSS_NAMES)}

# The fields of each optimizer in the order in which its rule reads them, and its vectors.
OPTIMIZERS = {
    "sgd": ("momentum", "dampening", "nesterov"),
    "adam": ("betas", "eps"),
    "adamw": ("betas", "eps"),  # its decay is told apart
    "adagrad": ("lr_decay", "eps", "start"),
    "adadelta": ("rho", "eps"),
    "rmsprop": ("alpha", "eps", "momentum", "centered"),
}
VECTORS = {
    "sgd": ("momentum",),
    "adam": ("first", "second"),
    "adamw": ("first", "second"),
    "adagrad": ("sum",),
    "adadelta": ("square", "moved", "move"),
    "rmsprop": ("square", "mean", "momentum"),
}
SGD, ADAM, ADAGRAD, ADADELTA, RMSPROP = range(5)
RULES = {
    "sgd": SGD,
    "adam": ADAM,
    "adamw": ADAM,
    "adagrad": ADAGRAD,
    "adadelta": ADADELTA,
    "rmsprop": RMSPROP,
}

# Columns of a network's table: where a layer reads, sums up and gives are rows of the buffer;
# where its parameters begin are places in the vector of all.
KIND, INPUTS, UNITS, WEIGHT, BIAS, FUNCTION, READS, SUMS, GIVES, DRAWS = range(10)
LINEAR, ACTIVATION, SCALE, SHIFT, SLOPES, PRELU, MAXOUT = range(7)
NONE = -1  # no bias

# What a step depends on beside its samples, in one array so that the call stays readable.
LOSS, NUMBER, LOSS_WEIGHT, L1, L2, WEIGHTS, CLIP_NORM, CLIP_VALUE = range(8)
TERMS = 8

WIDTH = 16  # rows of samples are as long as they are many, rounded up to whole lanes of this width
