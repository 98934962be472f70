"""Training of several networks in alternation."""

from gradus_engine.alternation.session import Alternation

__all__ = ["Alternation"]
