"""Pictures of the steps: a jointed figure and a few props, drawn by code from joint angles and contact points."""

from __future__ import annotations

from opentraction.care.home.figures.picture import PICTURES, picture

__all__ = ["PICTURES", "picture"]
