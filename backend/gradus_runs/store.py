"""The folder of large artifacts: `sha256/ab/<digest>`, each file whole or not there."""

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from gradus_runs.errors import Damaged

SMALL = 64 * 1024  # bytes; less lies in the database's row
PARTIAL_SECONDS = 3600  # no write takes that long: what is older was left by a dead process


def digest_of(body: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """Files by their SHA-256 under `folder`, which every server and worker can reach."""

    folder: Path

    def path(self, digest: str) -> Path:
        return self.folder / "sha256" / digest[:2] / digest

    def keep(self, body: bytes) -> str:
        """Write a body that is too large for a row, and answer the digest of any.

        Slow (an fsync): call it before the transaction that calls `artifacts.put`. A file
        that is there already is checked, and written again when damaged. Raises OSError.
        """
        digest = digest_of(body)
        if len(body) >= SMALL and not self._sound(digest):
            self._write(self.path(digest), body)
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes under a digest; raises Damaged when they are others, or gone."""
        try:
            body = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise Damaged(digest, "gone") from None
        return checked(digest, body)

    def head(self, digest: str, count: int) -> bytes:
        """The first `count` bytes, unchecked; raises Damaged when they are gone."""
        try:
            with self.path(digest).open("rb") as file:
                return file.read(count)
        except FileNotFoundError:
            raise Damaged(digest, "gone") from None

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def remove(self, digest: str) -> None:
        self.path(digest).unlink(missing_ok=True)

    def clear_partial(self) -> int:
        """Remove what processes that died while writing left behind; answers how many files."""
        old = time.time() - PARTIAL_SECONDS
        partial = [p for p in self.folder.glob("sha256/*/.*.partial") if p.stat().st_mtime < old]
        for path in partial:
            path.unlink(missing_ok=True)
        return len(partial)

    def _sound(self, digest: str) -> bool:
        try:
            self.read(digest)
        except Damaged:
            return False
        return True

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{uuid4().hex}.partial")
        try:
            with partial.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        for folder in (path.parent, path.parent.parent, self.folder):
            _sync_folder(folder)


def checked(digest: str, body: bytes) -> bytes:
    """`body`, if it is what the digest says; raises Damaged."""
    found = digest_of(body)
    if found != digest:
        raise Damaged(digest, found)
    return body


def _sync_folder(folder: Path) -> None:
    """Without it a rename may be lost with the power, though the file's bytes are safe."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
