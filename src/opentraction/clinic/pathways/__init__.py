"""The roads beside the table for one patient: what the intake tells, laid against `care.pathways`. Nothing is kept."""
