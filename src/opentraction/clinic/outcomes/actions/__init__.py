"""Acts of the outcomes wing."""
