"""All reads of the tables, as the resources of `types`. Nothing here writes or knows HTTP."""
