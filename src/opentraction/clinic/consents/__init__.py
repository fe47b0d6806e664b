"""The wing of consent: the words a patient reads and signs, the witness, and taking it back."""
