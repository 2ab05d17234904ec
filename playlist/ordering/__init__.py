"""Where an item stands and in which order items play. Pure functions on numbers and structs; no Django."""
