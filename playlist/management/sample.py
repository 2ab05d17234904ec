"""The library of 40 tracks and the queue of a new server, and the generator of large libraries."""

from __future__ import annotations

import random

from playlist import types

#: (title, artist, album, seconds, genre); their ids are track-1, track-2… in this order.
_LIBRARY = (
    ("Bohemian Rhapsody", "Queen", "A Night at the Opera", 354, "Rock"),
    ("Don't Stop Me Now", "Queen", "Jazz", 209, "Rock"),
    ("Billie Jean", "Michael Jackson", "Thriller", 294, "Pop"),
    ("Beat It", "Michael Jackson", "Thriller", 258, "Pop"),
    ("Superstition", "Stevie Wonder", "Talking Book", 266, "Soul"),
    ("Sir Duke", "Stevie Wonder", "Songs in the Key of Life", 234, "Soul"),
    ("Respect", "Aretha Franklin", "I Never Loved a Man the Way I Love You", 147, "Soul"),
    ("What's Going On", "Marvin Gaye", "What's Going On", 233, "Soul"),
    ("Dancing Queen", "ABBA", "Arrival", 231, "Pop"),
    ("Mamma Mia", "ABBA", "ABBA", 213, "Pop"),
    ("Heroes", "David Bowie", "“Heroes”", 371, "Rock"),
    ("Starman", "David Bowie", "The Rise and Fall of Ziggy Stardust and the Spiders from Mars", 254, "Rock"),
    ("Smells Like Teen Spirit", "Nirvana", "Nevermind", 301, "Rock"),
    ("Wonderwall", "Oasis", "(What's the Story) Morning Glory?", 258, "Rock"),
    ("Creep", "Radiohead", "Pablo Honey", 238, "Rock"),
    ("Karma Police", "Radiohead", "OK Computer", 261, "Rock"),
    ("One More Time", "Daft Punk", "Discovery", 320, "Electronic"),
    ("Get Lucky", "Daft Punk", "Random Access Memories", 369, "Electronic"),
    ("Blue Monday", "New Order", "Substance", 449, "Electronic"),
    ("Around the World", "Daft Punk", "Homework", 429, "Electronic"),
    ("Army of Me", "Björk", "Post", 234, "Electronic"),
    ("Hyperballad", "Björk", "Post", 321, "Electronic"),
    ("Clandestino", "Manu Chao", "Clandestino", 148, "Latin"),
    ("Chan Chan", "Buena Vista Social Club", "Buena Vista Social Club", 256, "Latin"),
    ("Oye Como Va", "Santana", "Abraxas", 257, "Latin"),
    ("No Woman, No Cry", "Bob Marley & The Wailers", "Natty Dread", 226, "Reggae"),
    ("Could You Be Loved", "Bob Marley & The Wailers", "Uprising", 237, "Reggae"),
    ("So What", "Miles Davis", "Kind of Blue", 562, "Jazz"),
    ("Take Five", "The Dave Brubeck Quartet", "Time Out", 324, "Jazz"),
    ("Feeling Good", "Nina Simone", "I Put a Spell on You", 174, "Jazz"),
    ("Juicy", "The Notorious B.I.G.", "Ready to Die", 302, "Hip-Hop"),
    ("N.Y. State of Mind", "Nas", "Illmatic", 294, "Hip-Hop"),
    ("Doo Wop (That Thing)", "Lauryn Hill", "The Miseducation of Lauryn Hill", 320, "Hip-Hop"),
    ("Ms. Jackson", "OutKast", "Stankonia", 270, "Hip-Hop"),
    ("Back to Black", "Amy Winehouse", "Back to Black", 241, "Soul"),
    ("Rehab", "Amy Winehouse", "Back to Black", 214, "Soul"),
    ("Mr. Brightside", "The Killers", "Hot Fuss", 222, "Rock"),
    ("Seven Nation Army", "The White Stripes", "Elephant", 231, "Rock"),
    ("Das Model", "Kraftwerk", "Die Mensch-Maschine", 218, "Electronic"),
    ("Autobahn", "Kraftwerk", "Autobahn", 1363, "Electronic"),
)

#: The people of the sample room, and the votes for the six tunes, of which the first one plays.
PEOPLE = ("Ada", "Ben", "Chloé", "Deniz", "Emil", "Fatima", "Goran", "Hana", "Inês", "Jonas")
TUNE_VOTES = (3, 10, 7, 5, 2, 4)
#: What waits behind the tunes, as (track id, votes): entries without sound. The library's first track is left out,
#: because smoke tests of clients add it.
QUEUE = (
    ("track-17", 3),
    ("track-1", 10),
    ("track-22", 7),
    ("track-9", 5),
    ("track-38", 2),
    ("track-26", 0),
    ("track-29", 1),
    ("track-14", -2),
    ("track-40", -1),
)

_FIRST = ("Midnight", "Golden", "Silver", "Paper", "Velvet", "Broken", "Electric", "Hollow", "Northern", "Slow", "Wild")
_SECOND = ("River", "Mirror", "Garden", "Engine", "Harbour", "Signal", "Summer", "Letter", "Thunder", "Window", "Radio")
_THIRD = ("Song", "Dance", "Blues", "Theme", "Parade", "Lullaby", "Reprise", "Session", "Anthem", "Waltz", "Nights")
_NAMES = ("Nora", "Émile", "Tomás", "Ingrid", "Malik", "Yuki", "Soraya", "Lars", "Beatriz", "Anton", "Zoë", "Kwame")
_SURNAMES = ("Lind", "Okafor", "Marsh", "Duarte", "Sørensen", "Tanaka", "Vidal", "Brandt", "Novák", "Rao", "Costa")
_GENRES = ("Rock", "Pop", "Soul", "Electronic", "Jazz", "Hip-Hop", "Latin", "Reggae", "Folk", "Metal", "Classical")


def library() -> list[tuple[str, types.NewTrack]]:
    """The sample library, as (id, track)."""
    return [
        (
            f"track-{number}",
            types.NewTrack(title=title, artist=artist, album=album, duration_seconds=seconds, genre=genre),
        )
        for number, (title, artist, album, seconds, genre) in enumerate(_LIBRARY, 1)
    ]


def made_up_track(number: int) -> tuple[str, types.NewTrack]:
    """A plausible track, as (id, track), which depends only on the number; about ten by each artist."""
    artist = random.Random(number // 10)  # noqa: S311 - not for secrets
    track = random.Random(-number)  # noqa: S311
    name = f"{artist.choice(_NAMES)} {artist.choice(_SURNAMES)} {artist.randrange(1, 1000)}"
    words = (track.choice(_FIRST), track.choice(_SECOND), track.choice(_THIRD))
    return (
        f"track-{number}",
        types.NewTrack(
            title=f"{' '.join(words)} No. {track.randrange(1, 100)}",
            artist=name,
            album=f"{artist.choice(_FIRST)} {artist.choice(_SECOND)}",
            duration_seconds=track.randrange(120, 420),
            genre=artist.choice(_GENRES),
        ),
    )
