"""The person on the table, as physics. First floor: harness, pelvis, lumbar chain, thorax, and what people do."""
