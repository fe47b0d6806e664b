"""A table checks itself: when switched on, and once a day with a cord tied to its frame. What fails blocks its use."""
