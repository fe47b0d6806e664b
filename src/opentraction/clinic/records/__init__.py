"""The record as a whole: a patient's export, amendments, retention, and the export that two databases must agree on."""
