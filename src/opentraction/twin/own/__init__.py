"""A person's own twin: the modelled body of the table's loop, fitted to what was recorded of one person."""
