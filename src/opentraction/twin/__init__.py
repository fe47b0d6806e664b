"""A session with no hardware: a virtual table pulls a modelled body, driven by the shipping control and guard."""
