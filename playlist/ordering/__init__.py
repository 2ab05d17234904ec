"""The positions of items and the order in which they play. Pure functions on numbers and structs; no Django."""
