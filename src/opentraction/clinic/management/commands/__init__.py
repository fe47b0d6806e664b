"""Commands of the clinic."""
