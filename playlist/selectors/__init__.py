"""Every read of the tables, as the resources of `types`. Nothing here writes, and nothing here knows HTTP."""
