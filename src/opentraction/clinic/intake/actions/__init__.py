"""What people do at the intake; each act has an author and an audit row."""
