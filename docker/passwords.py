"""Draws the passwords of a fresh installation; one that exists stays.

`python passwords.py [FOLDER]` keeps `FOLDER/<service>/password` and, for the settings
GRADUS_DATABASE_URL_FILE and GRADUS_REDIS_URL_FILE, `FOLDER/<service>/url`.
"""

import secrets
import sys
from pathlib import Path

FOLDER = Path("/run/gradus")
URLS = {
    "database": "postgresql://gradus:{password}@database:5432/gradus",
    "redis": "redis://:{password}@redis:6379/0",
}
BYTES = 32  # of chance in a password; its text has letters that need no quoting in a URL


def keep(folder: Path, url: str) -> None:
    """`password`, drawn when it is not there, and the `url` that it stands in."""
    path = folder / "password"
    if not path.exists():
        write(path, secrets.token_urlsafe(BYTES))
    write(folder / "url", url.format(password=path.read_text().strip()))


def write(path: Path, text: str) -> None:
    """Whole or not there. Readable by every user: who may mount the volume may read it."""
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n")
    partial.chmod(0o444)
    partial.replace(path)


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else FOLDER
    for service, url in URLS.items():
        keep(folder / service, url)


if __name__ == "__main__":
    main(sys.argv[1:])
