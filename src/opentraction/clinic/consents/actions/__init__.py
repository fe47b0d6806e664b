"""What the patient does with the words, and what the staff does with what was signed."""
