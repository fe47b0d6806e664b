"""Intake at the clinic: questions on a tablet or the patient's phone, the verdict, an override, the day's check."""
