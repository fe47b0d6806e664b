"""Giving a patient a sign-in, and taking it away."""
