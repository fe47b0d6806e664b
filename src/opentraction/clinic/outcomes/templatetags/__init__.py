"""Words for the templates of outcomes."""
