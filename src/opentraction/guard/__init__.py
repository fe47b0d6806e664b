"""The independent supervisor. It has its own load cell and shares nothing with control but the words for things.

It can permit, hold back, let out and take the torque away; what it tripped on stays until another session is bound.
Imports only quantities and the standard library.
"""
