"""The server: routes, the stream, sign-in and the built page. Loads no torch."""

from importlib.metadata import version

__version__ = version("gradus")
