"""Chance is a guest, invited by name: one seed, one independent stream for each purpose."""

from __future__ import annotations

import hashlib

import numpy as np


class Streams:
    """Named random streams from one seed.

    A stream depends on the seed and its name alone, so adding a new use of chance never disturbs an old one
    (SeedSequence spawn keys, O'Neill 2015; naming after starsim). Independent of PYTHONHASHSEED.
    """

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError("a seed is a whole number of at least 0")
        self.seed = seed

    def stream(self, *name: str | int) -> np.random.Generator:
        """The generator called `name`; asking twice gives two equal generators."""
        label = "/".join(str(part) for part in name).encode()
        digest = hashlib.sha256(label).digest()
        words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=tuple(words))))
