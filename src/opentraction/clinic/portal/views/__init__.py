"""Pages of the portal, and the page where staff give access to it."""
