"""The spine from T12 to S1 as mechanics of each level, quick enough for a whole day or a thousand people."""
