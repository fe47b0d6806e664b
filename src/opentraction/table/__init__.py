"""The machine behind one port: what a table can sense and do."""
