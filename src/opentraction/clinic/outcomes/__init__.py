"""Outcomes wing: what was asked and examined, what went wrong, what came of it; for a patient and for the clinic."""
