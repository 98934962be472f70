"""Steps that train several networks in alternation: planned, and held against networks and data."""

from gradus.alternation.steps import plan_steps

__all__ = ["plan_steps"]
