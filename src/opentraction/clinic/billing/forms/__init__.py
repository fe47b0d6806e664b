"""Forms about money: what was typed, what it means, and one sentence for each field that cannot be used."""
