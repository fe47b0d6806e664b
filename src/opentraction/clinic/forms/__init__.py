"""What people write, read into values at the door: one sentence beside the field where it cannot be used."""
