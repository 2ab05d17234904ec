"""Undoing: pure functions of past events and of the present. The commands read the present and write what follows."""
