"""How numbers are written in each language: alike. A point is never read as a thousand, whoever reads the dose."""
