"""Real services for all tests: `valkey`, `postgres`, `sqlite`, `database`, `actor`."""

from hypothesis import settings

# A busy machine makes an example slow; that is no failure.
settings.register_profile("gradus", deadline=None)
settings.load_profile("gradus")

pytest_plugins = [
    "tests.lanes",
    "tests.proving",
    "tests.services.databases",
    "tests.services.postgres",
    "tests.services.valkey",
]
