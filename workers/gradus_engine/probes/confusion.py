"""Which class is taken for which."""

import numpy as np

from gradus.probes import ConfusionProbe
from gradus_engine import metrics
from gradus_engine.evaluation import outputs
from gradus_engine.probes.picture import Picture
from gradus_engine.session import Session


def confusion(session: Session, probe: ConfusionProbe) -> Picture:
    """`counts` [classes, classes] over one part: rows the true class, columns the answer."""
    classes = session.objective.classes
    if not classes:
        raise ValueError("confusion needs a classification; this network predicts numbers")
    truth = session.dataset.parts()[probe.part].targets
    given = outputs(session.network, session.parts[probe.part].inputs)
    counts = metrics.confusion(given, truth, len(classes)).cpu().numpy().astype(np.int32)
    return Picture(
        "confusion",
        session.step,
        {"counts": counts},
        {"part": probe.part, "classes": list(classes)},
    )
