"""Secrets that people and scripts carry: made at random, kept only as their hash.

A secret has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess.
"""

import hashlib
import secrets


def new_secret() -> str:
    """43 characters of base64url: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
