"""Pages of the outcomes wing."""
