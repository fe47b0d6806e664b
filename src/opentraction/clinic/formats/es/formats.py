"""Numbers as in English: 40.5 N is 40.5 N. Dates follow the language."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
