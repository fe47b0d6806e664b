"""The wing of the portal: what a patient sees and does, signed in, under /portal. Every row is their own or 404."""
