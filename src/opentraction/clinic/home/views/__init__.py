"""Pages of the home programme for staff."""
