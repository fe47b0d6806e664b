"""Values onto paper: one typst template and one dictionary make a PDF in the house's type, with the house's letterhead.

A template lies in the room that owns what it says; it begins with ``#import "/letterhead.typ": *``. Knows the shared
language and nothing else of ours.
"""

from __future__ import annotations

from opentraction.paper.pdf import pages, pdf

__all__ = ["pages", "pdf"]
