"""Intake at the clinic: the questions on a tablet or the patient's own phone, the verdict, an override, the day's check."""
