"""A prescription of one minute, for tests that run the whole program."""

from __future__ import annotations

SHORT = """
name = "Short"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "intermittent"
length = "60 s"
[pretension]
force = "25 N"
rate = "10 N/s"
hold = "3 s"
[forces]
high = "150 N"
low = "50 % high"
[rise]
shape = "linear"
time = "5 s"
[hold]
time = "10 s"
[fall]
shape = "linear"
time = "5 s"
[rest]
time = "5 s"
[release]
rate = "50 N/s"
"""
