"""A session with no hardware: the virtual table pulling a modelled body, driven by the shipping control and guard code."""
