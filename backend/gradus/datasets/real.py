"""Small real sets that come with scikit-learn."""

from gradus.datasets.facts import DatasetFacts

DIGITS = DatasetFacts(
    name="digits",
    task="classification",
    input=(1, 8, 8),
    target=(),
    classes=tuple("0123456789"),
    size=1797,
    version="1",
    meaning="Handwritten digits, 8 by 8 pixels from 0 to 1.",
)
IRIS = DatasetFacts(
    name="iris",
    task="classification",
    input=(4,),
    target=(),
    classes=("setosa", "versicolor", "virginica"),
    size=150,
    version="1",
    meaning="Lengths and widths of the sepals and petals of three species of iris, standardized.",
)
