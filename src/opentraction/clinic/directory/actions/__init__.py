"""What people and imports do to the directory."""
