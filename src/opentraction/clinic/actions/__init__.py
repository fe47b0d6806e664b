"""What people do. Each act checks the role and writes its audit row in one transaction."""
