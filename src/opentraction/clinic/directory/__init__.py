"""The directory of specialists: who is qualified and near. Public data, beside the clinic's own records."""
