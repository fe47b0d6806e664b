"""Template tags of consent."""
