"""Everything live: sockets, server-sent events, and the one fan-out of a process. All of it only reads the log."""
