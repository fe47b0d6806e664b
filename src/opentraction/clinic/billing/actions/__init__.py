"""What is done with money: each act checks the role and writes its audit row in one transaction.

Whoever gives out a number opens the books first (`books.open_books`): its lock is taken before the record of acts', in
every act, so that numbers have no gap and two acts never wait for each other.
"""
