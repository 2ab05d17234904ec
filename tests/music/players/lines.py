"""M3U, line by line."""

from __future__ import annotations

import unicodedata

from tests.music.players import GOOD, LOST, Player

#: A path as a Mac has it: the dots stand behind their letter.
MAC = unicodedata.normalize("NFD", "/Volumes/Music/Motörhead/Ace of Spades.mp3")

LINES: dict[str, Player] = {
    "Winamp, m3u in the code page of Windows": Player(
        "#EXTM3U\r\n#EXTINF:174,Motörhead - Ace of Spades\r\nC:\\Music\\Motörhead\\Ace of Spades.mp3\r\n".encode(
            "cp1252"
        ),
        [(LOST, "Ace of Spades", "", 174_000, "C:\\Music\\Motörhead\\Ace of Spades.mp3")],
        ["ace"],
    ),
    "Winamp, m3u8 with a byte order mark": Player(
        "\ufeff#EXTM3U\r\n#EXTINF:174,Motörhead - Ace of Spades\r\n..\\Ace of Spades.mp3\r\n".encode(),
        [(LOST, "Ace of Spades", "", 174_000, "..\\Ace of Spades.mp3")],
        ["ace"],
    ),
    "Winamp, on the drive of the list and without tags": Player(
        b"#EXTM3U\r\n#EXTINF:-1,07 - Feeling Good\r\n\\Nina Simone\\I Put a Spell on You\\07 - Feeling Good.mp3\r\n",
        [("07", "Feeling Good", "", None, "\\Nina Simone\\I Put a Spell on You\\07 - Feeling Good.mp3")],
        ["good"],
    ),
    "VLC, m3u8 with file addresses and its own directives": Player(
        b"#EXTM3U\n#EXTINF:177,Nina Simone - Feeling Good\n#EXTVLCOPT:network-caching=1000\n"
        b"file:///home/anna/Music/Feeling%20Good.flac\n",
        [(GOOD, "Feeling Good", "", 177_000, "file:///home/anna/Music/Feeling%20Good.flac")],
        ["good"],
    ),
    "VLC, m3u with escaped addresses and no names": Player(
        b"#EXTM3U\nfile:///C:/Users/Anna/Nina%20Simone/Best%20Of/03%20Feeling%20Good.mp3\n"
        b"file:///C:/Users/Anna/Muse/Best%20Of/03%20Feeling%20Good.mp3\n",
        [
            ("", "", "", None, "file:///C:/Users/Anna/Nina%20Simone/Best%20Of/03%20Feeling%20Good.mp3"),
            ("", "", "", None, "file:///C:/Users/Anna/Muse/Best%20Of/03%20Feeling%20Good.mp3"),
        ],
        ["good", "muse"],
    ),
    "foobar2000, bare paths": Player(
        b"D:\\Music\\Nina Simone\\01 Feeling Good.mp3\r\nD:\\Music\\02.mp3\r\n",
        [("", "", "", None, "D:\\Music\\Nina Simone\\01 Feeling Good.mp3"), ("", "", "", None, "D:\\Music\\02.mp3")],
        [None, None],  # the folder may be an album as well as an artist
    ),
    "foobar2000, m3u8": Player(
        "#EXTM3U\r\n#EXTINF:174.29,Motörhead - Ace of Spades\r\nAce of Spades.flac\r\n".encode(),
        [(LOST, "Ace of Spades", "", 174_290, "Ace of Spades.flac")],
        ["ace"],
    ),
    "foobar2000, m3u8 with paths below the list": Player(
        "\ufeff#EXTM3U\r\nMotörhead\\Ace of Spades.mp3\r\nMuse\\Origin of Symmetry\\10 - Feeling Good.mp3\r\n".encode(),
        [
            ("", "", "", None, "Motörhead\\Ace of Spades.mp3"),
            ("", "", "", None, "Muse\\Origin of Symmetry\\10 - Feeling Good.mp3"),
        ],
        ["ace", "muse"],
    ),
    "iTunes, m3u with the lines of an old Mac": Player(
        b"#EXTM3U\r#EXTINF:177,Feeling Good - Nina Simone\r/Users/anna/Music/Feeling Good.m4a\r",
        [("Feeling Good", "Nina Simone", "", 177_000, "/Users/anna/Music/Feeling Good.m4a")],
        ["good"],
    ),
    "Music, m3u8 with accents beside their letters": Player(
        f"#EXTM3U\n{MAC}\n".encode(), [("", "", "", None, MAC)], ["ace"]
    ),
    "Strawberry, m3u": Player(
        b"#EXTM3U\n#EXTINF:177,Nina Simone - Feeling Good\nNina Simone/Feeling Good.flac\n",
        [(GOOD, "Feeling Good", "", 177_000, "Nina Simone/Feeling Good.flac")],
        ["good"],
    ),
    "Kodi, m3u8 with a stream in it": Player(
        b"#EXTM3U\n#EXTINF:-1,Radio\nhttp://radio.example/stream\n#EXTINF:177,Feeling Good\nsmb://nas/music/a.mp3\n",
        [
            ("", "Radio", "", None, "http://radio.example/stream"),
            ("", "Feeling Good", "", 177_000, "smb://nas/music/a.mp3"),
        ],
        [None, None],
    ),
    "Kodi, m3u8 with numbers in front, on shares": Player(
        "#EXTM3U\n#EXTINF:177,07. Nina Simone - Feeling Good\nnfs://10.0.0.2/export/a%20b/x.flac\n"
        "#EXTINF:0,\nsmb://anna:secret@NAS/music/Motörhead/Ace of Spades.mp3\n".encode(),
        [
            ("07. Nina Simone", "Feeling Good", "", 177_000, "nfs://10.0.0.2/export/a%20b/x.flac"),
            ("", "", "", None, "smb://anna:secret@NAS/music/Motörhead/Ace of Spades.mp3"),
        ],
        ["good", "ace"],
    ),
    "Kodi, strm": Player(
        b"nfs://10.0.0.2/export/music/Daft Punk/Get Lucky.mp3",
        [("", "", "", None, "nfs://10.0.0.2/export/music/Daft Punk/Get Lucky.mp3")],
        ["lucky"],
    ),
    "MPD, paths below its music folder": Player(
        b"Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3\n",
        [("", "", "", None, "Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3")],
        ["good"],
    ),
    "television players, m3u with attributes": Player(
        b'#EXTM3U x-tvg-url=""\n#EXTINF:-1 tvg-id="a,b" group-title="News",Channel\n#EXTGRP:News\nhttp://a.example/1\n',
        [("", "Channel", "", None, "http://a.example/1")],
        [None],
    ),
    "other players, m3u with artist and album": Player(
        b"#EXTM3U\n#PLAYLIST:Night\n#EXTALB:Live - 1964\n#EXTART:Simone - Nina\n"
        b"#EXTINF:177,Simone - Nina - Feeling Good\na.mp3\nb.mp3\n",
        [("Simone - Nina", "Feeling Good", "Live - 1964", 177_000, "a.mp3"), ("", "", "", None, "b.mp3")],
        [None, None],
    ),
    "Jellyfin, m3u8 with album and artist below the names": Player(
        b"#EXTM3U\n#EXTINF:177,Feeling Good\n#EXTALB:I Put a Spell on You\n#EXTART:Nina Simone\n/data/music/x.flac\n",
        [(GOOD, "Feeling Good", "I Put a Spell on You", 177_000, "/data/music/x.flac")],
        ["good"],
    ),
    "Navidrome, m3u": Player(
        "#EXTM3U\n#PLAYLIST:Saturday\n#EXTINF:174,Motörhead - Ace of Spades\n/music/Motörhead/Ace.flac\n".encode(),
        [(LOST, "Ace of Spades", "", 174_000, "/music/Motörhead/Ace.flac")],
        ["ace"],
    ),
    "Subsonic, m3u8 of paths": Player(
        b"#EXTM3U\n/var/music/Muse/Origin of Symmetry/10 - Feeling Good.mp3\n",
        [("", "", "", None, "/var/music/Muse/Origin of Symmetry/10 - Feeling Good.mp3")],
        ["muse"],
    ),
    "Lyrion, m3u with its place and addresses": Player(
        b"#CURTRACK 0\n#EXTM3U\n#EXTURL:file:///music/Daft%20Punk/Get%20Lucky.mp3\n#EXTINF:248,Get Lucky\n"
        b"/music/Daft Punk/Get Lucky.mp3\n",
        [("", "Get Lucky", "", 248_000, "/music/Daft Punk/Get Lucky.mp3")],
        ["lucky"],
    ),
    "Plex, m3u8 with ratings": Player(
        b"#EXTM3U\n#EXTINF:177,Nina Simone - Feeling Good\n#EXT-X-RATING:8\n/share/Music/a.mp3\n",
        [(GOOD, "Feeling Good", "", 177_000, "/share/Music/a.mp3")],
        ["good"],
    ),
    "Poweramp, m3u8 on the phone's own storage": Player(
        b"#EXTM3U\n#EXT-X-RATING:0\nprimary/Music/Muse/Origin of Symmetry/10 - Feeling Good.mp3\n",
        [("", "", "", None, "primary/Music/Muse/Origin of Symmetry/10 - Feeling Good.mp3")],
        ["muse"],
    ),
    "Sonos, m3u on a share of Windows": Player(
        "#EXTM3U\r\n\\\\NAS\\Music\\Motörhead\\Ace of Spades.mp3\r\n".encode("cp1252"),
        [("", "", "", None, "\\\\NAS\\Music\\Motörhead\\Ace of Spades.mp3")],
        ["ace"],
    ),
    "Rhythmbox, m3u without lengths": Player(
        b"#EXTM3U\n#EXTINF:,Feeling Good\n../Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3\n",
        [("", "Feeling Good", "", None, "../Nina Simone/I Put a Spell on You/07 - Feeling Good.mp3")],
        ["good"],
    ),
    "Quod Libet, m3u": Player(
        b"#EXTM3U\n#EXTINF:248,Daft Punk, Pharrell Williams - Get Lucky\nGet Lucky.ogg\n",
        [("Daft Punk, Pharrell Williams", "Get Lucky", "", 248_000, "Get Lucky.ogg")],
        ["lucky"],
    ),
    "mpv, m3u of what it was given": Player(
        b"Daft Punk/Get Lucky.mp3\nhttps://video.example/watch?v=1\n./Sleep.mp3\n",
        [
            ("", "", "", None, "Daft Punk/Get Lucky.mp3"),
            ("", "", "", None, "https://video.example/watch?v=1"),
            ("", "", "", None, "./Sleep.mp3"),
        ],
        ["lucky", None, "sleep"],
    ),
    "pasted text": Player(
        b"Nina Simone - Feeling Good\nMotorhead - Ace of Spades\nDaft Punk \xe2\x80\x93 Get Lucky\n",
        [
            ("", "", "", None, "Nina Simone - Feeling Good"),
            ("", "", "", None, "Motorhead - Ace of Spades"),
            ("", "", "", None, "Daft Punk – Get Lucky"),
        ],
        ["good", "ace", "lucky"],
    ),
}
