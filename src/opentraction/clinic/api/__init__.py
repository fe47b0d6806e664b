"""What other programs of a clinic ask and do, at /api/v1: the acts of the pages, by a personal key."""
