"""OpenTraction: spinal decompression therapy in the open. Research and education software; not a medical device."""

from __future__ import annotations

__version__ = "0.1.0"

DISCLAIMER = (
    "Research and education software with a simulated table. Not an approved medical device; not for treating people."
)
