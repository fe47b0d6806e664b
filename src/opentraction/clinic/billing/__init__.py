"""What care costs at this clinic: prices, estimates, packages, numbered invoices, notes, payments and who else may pay.

The sums are `care.money`'s; this wing stores, shows and asks. Every paper is kept as it was given out.
"""
