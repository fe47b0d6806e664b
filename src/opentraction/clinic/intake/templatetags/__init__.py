"""Tags of the intake."""
