"""CSV and what else has columns."""

from __future__ import annotations

from tests.music.players import GOOD, LOST, RECORDING, Player

TABLES: dict[str, Player] = {
    "iTunes, a text file in UTF-16": Player(
        (
            "Name\tArtist\tComposer\tAlbum\tTime\tLocation\nAce of Spades\tMotörhead\t\tAce of Spades\t174\tMac:a.m4a\n"
        ).encode("utf-16"),
        [(LOST, "Ace of Spades", "Ace of Spades", 174_000, "Mac:a.m4a")],
        ["ace"],
    ),
    "iTunes in German, with the lines of an old Mac and many commas": Player(
        (
            "Name\tInterpret\tAlbum\tGenre\tDauer\tJahr\tOrt\r"
            "Ace of Spades\tMotörhead\tNo, Sleep, Till, Hammersmith\tRock, Metal, Loud, Fast\t174\t1981\tMac:m:a.m4a\r"
        ).encode("utf-16"),
        [(LOST, "Ace of Spades", "No, Sleep, Till, Hammersmith", 174_000, "Mac:m:a.m4a")],
        ["ace"],
    ),
    "Exportify of Spotify": Player(
        b'"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Duration (ms)","Popularity"\n'
        b'"spotify:track:6Sy9BUbgFse0n0LPA5lwy5","Feeling Good","I Put A Spell On You",'
        b'"Nina Simone","1965","177293","71"\n',
        [(GOOD, "Feeling Good", "I Put A Spell On You", 177_293, "")],
        ["good"],
    ),
    "Exportify of Spotify, several artists and another master": Player(
        b"Track URI,Track Name,Artist URI(s),Artist Name(s),Album Name,Disc Number,Track Duration (ms),ISRC\n"
        b'spotify:track:1,Get Lucky,"spotify:artist:1, spotify:artist:2","Daft Punk, Pharrell Williams",A,1,248413,X\n'
        b"spotify:track:2,Feeling Good - 2013 Remaster,spotify:artist:3,Nina Simone,Best,1,177000,X\n"
        b"spotify:track:3,Get Lucky - Radio Edit,spotify:artist:1,Daft Punk;Nile Rodgers,RAM,1,248000,X\n",
        [
            ("Daft Punk, Pharrell Williams", "Get Lucky", "A", 248_413, ""),
            (GOOD, "Feeling Good - 2013 Remaster", "Best", 177_000, ""),
            ("Daft Punk;Nile Rodgers", "Get Lucky - Radio Edit", "RAM", 248_000, ""),
        ],
        ["lucky", "good", None],
    ),
    "Exportify of Spotify in German": Player(
        "Titel-URI,Titelname,Künstlername(n),Albumname,Titeldauer (ms)\n"
        "spotify:track:1,Ace of Spades (Remastered),Motörhead,Ace of Spades,173500\n".encode(),
        [(LOST, "Ace of Spades (Remastered)", "Ace of Spades", 173_500, "")],
        ["ace"],
    ),
    "TuneMyMusic": Player(
        b"Track name,Artist name,Album,Playlist name,Type,ISRC\n"
        b"Feeling Good,Nina Simone,,Night,Playlist,USPR36406055\n",
        [(GOOD, "Feeling Good", "", None, "")],
        ["good"],
    ),
    "Soundiiz, with semicolons": Player(
        b"title;artist;album;isrc\nFeeling Good;Nina Simone;I Put a Spell on You;USPR36406055\n",
        [(GOOD, "Feeling Good", "I Put a Spell on You", None, "")],
        ["good"],
    ),
    "an exporter of Spotify with the artists first": Player(
        b'"Artist(s)","Track Name"\n"Muse","Feeling Good"\n', [("Muse", "Feeling Good", "", None, "")], ["muse"]
    ),
    "YouTube Music, takeout": Player(
        b"Video ID,Song Title,Album Title,Artist Name 1,Artist Name 2\nabc,Get Lucky,RAM,Daft Punk,Pharrell Williams\n",
        [("Daft Punk", "Get Lucky", "RAM", None, "")],
        ["lucky"],
    ),
    "Shazam, with its name above": Player(
        b"Shazam Library\nIndex,TagTime,Title,Artist,URL,TrackKey\n"
        b'1,2026-11-20,"Feeling Good","Muse",https://www.shazam.com/track/1/x,1\n',
        [("Muse", "Feeling Good", "", None, "https://www.shazam.com/track/1/x")],
        ["muse"],
    ),
    "a spreadsheet in German": Player(
        'sep=;\r\nTitel;Künstler;Länge\r\n"Ace; of Spades";Motörhead;2:54\r\nAce of Spades;Motörhead;2:54\r\n'.encode(
            "cp1252"
        ),
        [(LOST, "Ace; of Spades", "", 174_000, ""), (LOST, "Ace of Spades", "", 174_000, "")],
        [None, "ace"],
    ),
    "a spreadsheet, with minutes": Player(
        b'Song,Artist,Length\n"Good, Feeling",Nina Simone,2:57\n\nLong,Nina Simone,1:02:57.5\n',
        [(GOOD, "Good, Feeling", "", 177_000, ""), (GOOD, "Long", "", 3_777_500, "")],
        [None, None],
    ),
    "MusicBrainz Picard, recordings by number": Player(
        f"recording_mbid,title\n{RECORDING},Something else\n".encode(),
        [("", "Something else", "", None, "")],
        ["good"],
    ),
}
