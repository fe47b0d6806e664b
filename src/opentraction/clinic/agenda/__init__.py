"""The agenda: who comes when, to which table and to whom, and what happens when they do not."""
