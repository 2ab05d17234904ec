"""Playlists as files: M3U, XSPF, JSPF and CSV, as other players write and read them."""
