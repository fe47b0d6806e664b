"""The console: what people do, with an author, a role check and an audit row in one transaction. The only room with a database."""
