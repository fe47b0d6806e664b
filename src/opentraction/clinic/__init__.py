"""The console: what people do, each act with its author, a role check and an audit row in one transaction.

The only room with a database.
"""
