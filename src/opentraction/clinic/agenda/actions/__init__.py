"""What people do with the agenda: each act has an author, a role check and an audit row in one transaction."""
