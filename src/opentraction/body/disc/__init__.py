"""The disc by finite elements: a porous solid full of water that swells, is squeezed and pulled, and takes its time."""
