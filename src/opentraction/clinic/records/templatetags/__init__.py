"""What pages of other wings show of a record's corrections."""
