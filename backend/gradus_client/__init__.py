"""The Python client and the `gradus` command."""
