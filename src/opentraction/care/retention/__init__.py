"""How long a clinic keeps what: the schedule as data with its sources, and the day on which a record's time has passed.

Keeping is the rule of law of a place; ours are proposals until somebody who knows that law has reviewed them.
"""

from __future__ import annotations

from opentraction.care.retention.schedule import Rule, keep_record_until, schedule, years_after

__all__ = ["Rule", "keep_record_until", "schedule", "years_after"]
