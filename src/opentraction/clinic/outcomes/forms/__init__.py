"""What was written on a page, as values."""
