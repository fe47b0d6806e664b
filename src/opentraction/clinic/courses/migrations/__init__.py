"""Migrations of the wing."""
