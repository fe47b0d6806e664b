"""Words for pages of the directory."""
