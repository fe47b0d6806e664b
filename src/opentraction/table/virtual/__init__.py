"""A table made of physics: drive, drum, cable, carriage, load cells and the hardware stop timers.

Kernels are plain scalar Python (NamedTuples of numbers in and out), so the twin can compile the very same code.
"""
