"""What people do about the programme at home; each act has an author and an audit row."""
