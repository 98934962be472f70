"""`python -m gradus_engine.ranks FOLDER COUNT RANK DEVICE`: one of the other ranks of a run."""

import sys
from pathlib import Path

import torch

from gradus_engine.ranks.group import RankLost
from gradus_engine.ranks.session import other


def main() -> int:
    folder, count, rank, device = sys.argv[1:]
    try:
        other(Path(folder), int(rank), int(count), torch.device(device)).follow()
    except RankLost:
        return 1  # the first is gone, and says so itself where it can
    return 0


sys.exit(main())
