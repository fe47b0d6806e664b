"""The wing of the home programme: what staff asked and ordered, what patients logged, what stopped and who let on."""
