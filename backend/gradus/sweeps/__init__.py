"""Sweeps: one document trained many times, with other values at some of its places."""
