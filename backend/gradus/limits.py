"""How large a document and its network may be. A plan beyond one of these is refused, with the number."""

LAYERS = 10_000  # after expansion
EDGES = 40_000
NESTING = 8  # composites inside composites
OPEN = 32  # composites and repeated calls inside one another
JSON_DEPTH = 32
DIMENSION = 2**20
RANK = 8
ELEMENTS = 2**32  # of one layer's output, for one sample
PARAMETERS = 2_000_000_000
MULTIPLY_ADDS = 2**53 - 1  # a JavaScript reader loses digits beyond
INTEGER = 2**53 - 1
TEXT = 200  # characters of any string in a document
NAME = 64
PROBLEMS = 100  # told at once
VALUES = 100_000  # in a document
NETWORKS = 16
STEPS = 16  # of an alternation
STEP_CALLS = 64  # of networks within one step
STEP_EVERY = 1_000_000
STEP_REPEAT = 1_000
CALLS = 2_000  # different uses of blocks
DATA_BYTES = 2**32  # of all samples as the network reads them
DRAWN_POINTS = 5_000  # points that a document holds itself
DRAWN_EXTENT = 100  # their coordinates and targets lie within plus and minus this
DRAWN_CLASSES = 8  # as many as have a colour and a shape
