"""The independent supervisor. It has its own load cell and shares nothing with control but the words for things.

It can only permit or trip; a trip stays until the session is over. Imports only quantities and the standard library.
"""

from __future__ import annotations

from opentraction.guard.step import Guard, GuardInput, GuardSettings, fresh_guard, guard_settings, guard_step, permit

__all__ = ["Guard", "GuardInput", "GuardSettings", "fresh_guard", "guard_settings", "guard_step", "permit"]
