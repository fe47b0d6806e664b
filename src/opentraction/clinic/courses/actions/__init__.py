"""What clinicians decide about a course: each act has an author, a role check and an audit row in one transaction."""
