"""The person on the table, as physics. First floor: lumped harness, pelvis, lumbar chain, thorax, and what people do."""
