"""Pages of consent: the staff's and the patient's."""
