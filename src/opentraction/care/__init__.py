"""Around the pull: outcomes, home programme, money and cover, pathways, evidence, specialists."""

from __future__ import annotations
