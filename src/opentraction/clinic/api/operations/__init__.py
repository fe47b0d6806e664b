"""The operations by subject. Each does what a page does: the same rows, the same acts, the same line in the record."""
