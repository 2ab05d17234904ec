// Generated from the server's own documents by `python3 run.py types`. Do not edit.

export interface paths {
    "/api/albums": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The albums of the library, by title
         * @description The albums of the library, by title. Callers need no identity, unless a room asks for one. The `Link` header has the address of the next page.
         */
        get: operations["get_albums"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/artists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The artists of the library, by name
         * @description The artists of the library, by name. Callers need no identity, unless a room asks for one. The `Link` header has the address of the next page.
         */
        get: operations["get_artists"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/favorites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the caller likes, newest first
         * @description What the caller likes, newest first. Callers need an identity; a guest's is enough. The `Link` header has the address of the next page.
         */
        get: operations["get_favorites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/favorites/{track_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Like a track
         * @description Like a track. Callers need an identity; a guest's is enough.
         */
        put: operations["put_favorites_track_id"];
        post?: never;
        /**
         * Like a track no more
         * @description Like a track no more. Callers need an identity; a guest's is enough.
         */
        delete: operations["delete_favorites_track_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/genres": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The genres of the library, by name
         * @description The genres of the library, by name. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_genres"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/guests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a guest: a name, no account
         * @description Become a guest: a name, no account. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_guests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/library": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How much there is to choose from, and how far the scan of the music folders is; staff see what failed
         * @description How much there is to choose from, and how far the scan of the music folders is; staff see what failed. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_library"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/library/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a scan of the music folders, as staff
         * @description Ask for a scan of the music folders, as staff. Callers need an account.
         */
        post: operations["post_library_scan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queue in playing order
         * @description The queue in playing order. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlist"];
        put?: never;
        /**
         * Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items
         * @description Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlist/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One item
         * @description One item. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlist_item_id"];
        put?: never;
        post?: never;
        /**
         * Remove an item; if it plays, the next one starts
         * @description Remove an item; if it plays, the next one starts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        delete: operations["delete_playlist_item_id"];
        options?: never;
        head?: never;
        /**
         * Move an item, play it, pause it
         * @description Move an item, play it, pause it. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        patch: operations["patch_playlist_item_id"];
        trace?: never;
    };
    "/api/playlist/{item_id}/boost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a waiting item play next; the host and cohosts without limit, others `boosts_per_hour`
         * @description Let a waiting item play next; the host and cohosts without limit, others `boosts_per_hour`. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlist_item_id_boost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlist/{item_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a removed item to its place, with its votes; for its remover, the host and cohosts
         * @description Restore a removed item to its place, with its votes; for its remover, the host and cohosts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlist_item_id_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlist/{item_id}/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vote: up, down or none; the last one counts
         * @description Vote: up, down or none; the last one counts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlist_item_id_vote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlist/add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items
         * @description Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlist_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The public playlists, or one's own
         * @description The public playlists, or one's own. Callers need no identity, unless a room asks for one. The `Link` header has the address of the next page.
         */
        get: operations["get_playlists"];
        put?: never;
        /**
         * Start a playlist; the caller becomes its host
         * @description Start a playlist; the caller becomes its host. Callers need an identity; a guest's is enough.
         */
        post: operations["post_playlists"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One playlist
         * @description One playlist. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug"];
        put?: never;
        post?: never;
        /**
         * Delete a playlist, with its queue and its log
         * @description Delete a playlist, with its queue and its log. Callers need an identity; a guest's is enough.
         */
        delete: operations["delete_playlists_slug"];
        options?: never;
        head?: never;
        /**
         * Change settings
         * @description Change settings. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        patch: operations["patch_playlists_slug"];
        trace?: never;
    };
    "/api/playlists/{slug}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened, newest first; a run of votes by one person on one item is one entry
         * @description What happened, newest first; a run of votes by one person on one item is one entry. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/at": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A playlist as it was at a revision or a time
         * @description A playlist as it was at a revision or a time. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_at"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/blocked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tracks and artists that nobody adds here
         * @description The tracks and artists that nobody adds here. Callers need an identity; a guest's is enough.
         */
        get: operations["get_playlists_slug_blocked"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/blocked/{kind}/{target}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Block a track or an artist: nobody adds it here; what waits already stays
         * @description Block a track or an artist: nobody adds it here; what waits already stays. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        put: operations["put_playlists_slug_blocked_kind_target"];
        post?: never;
        /**
         * Let a track or an artist be added again
         * @description Let a track or an artist be added again. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        delete: operations["delete_playlists_slug_blocked_kind_target"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become host by the secret of the host link; the host until now becomes a cohost
         * @description Become host by the secret of the host link; the host until now becomes a cohost. Callers need an identity; a guest's is enough.
         */
        post: operations["post_playlists_slug_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/display": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Trade the secret of the wall link for a token and a cookie, which read this room and hear what it plays
         * @description Trade the secret of the wall link for a token and a cookie, which read this room and hear what it plays. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_playlists_slug_display"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/display-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the link of a screen that needs no name; it ends the one before, and closes its screens
         * @description Make the link of a screen that needs no name; it ends the one before, and closes its screens. Callers need an identity; a guest's is enough.
         */
        post: operations["post_playlists_slug_display_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log after a revision
         * @description The log after a revision. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queue or the history as a file that other players read
         * @description The queue or the history as a file that other players read. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tracks that were played, newest first
         * @description The tracks that were played, newest first. Callers need no identity, unless a room asks for one. The `Link` header has the address of the next page.
         */
        get: operations["get_playlists_slug_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/host-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the link by which one is host again on any device; it ends the one before
         * @description Make the link by which one is host again on any device; it ends the one before. Callers need an identity; a guest's is enough.
         */
        post: operations["post_playlists_slug_host_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add the songs of a playlist file to the queue; the file itself is the body
         * @description Add the songs of a playlist file to the queue; the file itself is the body. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The queue in playing order
         * @description The queue in playing order. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_items"];
        put?: never;
        /**
         * Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items
         * @description Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_items"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One item
         * @description One item. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_items_item_id"];
        put?: never;
        post?: never;
        /**
         * Remove an item; if it plays, the next one starts
         * @description Remove an item; if it plays, the next one starts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        delete: operations["delete_playlists_slug_items_item_id"];
        options?: never;
        head?: never;
        /**
         * Move an item, play it, pause it
         * @description Move an item, play it, pause it. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        patch: operations["patch_playlists_slug_items_item_id"];
        trace?: never;
    };
    "/api/playlists/{slug}/items/{item_id}/boost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a waiting item play next; the host and cohosts without limit, others `boosts_per_hour`
         * @description Let a waiting item play next; the host and cohosts without limit, others `boosts_per_hour`. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_items_item_id_boost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/items/{item_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a removed item to its place, with its votes; for its remover, the host and cohosts
         * @description Restore a removed item to its place, with its votes; for its remover, the host and cohosts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_items_item_id_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/items/{item_id}/vote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Vote: up, down or none; the last one counts
         * @description Vote: up, down or none; the last one counts. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_items_item_id_vote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/join": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Join a playlist; a caller without identity gets one for the given name
         * @description Join a playlist; a caller without identity gets one for the given name. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_playlists_slug_join"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the participants
         * @description List the participants. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/participants/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove somebody
         * @description Remove somebody. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        delete: operations["delete_playlists_slug_participants_user_id"];
        options?: never;
        head?: never;
        /**
         * Give somebody another role; `host` hands the room over, and the host until now becomes a cohost
         * @description Give somebody another role; `host` hands the room over, and the host until now becomes a cohost. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        patch: operations["patch_playlists_slug_participants_user_id"];
        trace?: never;
    };
    "/api/playlists/{slug}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The playback at this moment
         * @description The playback at this moment. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_playback"];
        put?: never;
        /**
         * Play, pause, next, previous, seek, volume, or vote to skip
         * @description Play, pause, next, previous, seek, volume, or vote to skip. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_playback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is still to play, in playing order: when it starts if nothing changes, and why it stands there
         * @description What is still to play, in playing order: when it starts if nothing changes, and why it stands there. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Songs that would fit, each with a reason
         * @description Songs that would fit, each with a reason. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_playlists_slug_recommendations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring what is still to play back to what it was
         * @description Bring what is still to play back to what it was. Callers need an identity; a guest's is enough. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo events, or what a person did lately; with `preview` only say what that would do
         * @description Undo events, or what a person did lately; with `preview` only say what that would do. Callers need no identity, unless a room asks for one. Repeated with the same `Idempotency-Key` it has one effect and the same answer.
         */
        post: operations["post_playlists_slug_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tracks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the library
         * @description Search the library. Callers need no identity, unless a room asks for one. The `Link` header has the address of the next page.
         */
        get: operations["get_tracks"];
        put?: never;
        /**
         * Add a track to the library
         * @description Add a track to the library. Callers need an account.
         */
        post: operations["post_tracks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tracks/{track_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One track
         * @description One track. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_tracks_track_id"];
        put?: never;
        post?: never;
        /**
         * Delete a track, from every playlist too
         * @description Delete a track, from every playlist too. Callers need an account.
         */
        delete: operations["delete_tracks_track_id"];
        options?: never;
        head?: never;
        /**
         * Edit a track, in every playlist that holds it too
         * @description Edit a track, in every playlist that holds it too. Callers need an account.
         */
        patch: operations["patch_tracks_track_id"];
        trace?: never;
    };
    "/api/tracks/{track_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An address of the track's audio that needs neither cookie nor token, for 12 hours or until the file changes
         * @description An address of the track's audio that needs neither cookie nor token, for 12 hours or until the file changes. Callers need an identity; a guest's is enough.
         */
        get: operations["get_tracks_track_id_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tracks/{track_id}/lyrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The timed lyrics that the track's file brings, or the file beside it
         * @description The timed lyrics that the track's file brings, or the file beside it. Callers need no identity, unless a room asks for one.
         */
        get: operations["get_tracks_track_id_lyrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/user/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description Log in. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_user_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/user/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out: the session ends, or the token
         * @description Log out: the session ends, or the token. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_user_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/user/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who I am
         * @description Who I am. Callers need an identity; a guest's is enough.
         */
        get: operations["get_user_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/user/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an account; a guest keeps name, votes and playlists
         * @description Make an account; a guest keeps name, votes and playlists. Callers need no identity, unless a room asks for one.
         */
        post: operations["post_user_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/playlists/{slug}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The room's changes as server-sent events
         * @description Each event is one message with its JSON as data. /api/asyncapi.json describes them.
         */
        get: operations["get_playlists_slug_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The playlist `main`'s changes as server-sent events
         * @description Each event is one message with its JSON as data. /api/asyncapi.json describes them.
         */
        get: operations["get_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tracks/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a file as a track of the library
         * @description The type is found by content, never by name. A recording that is there already is answered with its track, so that a repeated upload has one effect.
         */
        post: operations["post_tracks_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** AccountAnswer */
        AccountAnswer: {
            user: components["schemas"]["User"];
            token: string;
        };
        /**
         * Activity
         * @description What somebody did: one event, or a run of one person's votes on one item, at the revision of the last of them.
         *
         *         `details` has the event's own fields, but ids for whole items. For a vote also `from` and `to` (the person's vote
         *         before and after: -1, 0 or 1) and `revisions`, newest first, all of which undo takes to undo the run. For a move
         *         also `from`, for changed settings `before`, for a blocked artist `artist`, the name. `automatic`: the server did it
         *         by itself. `undoable`: the caller may undo it, and as things are it can be undone.
         */
        Activity: {
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            type: string;
            track?: components["schemas"]["ActivityTrack"];
            details: {
                [key: string]: unknown;
            };
            automatic: boolean;
            undoable: boolean;
            undoes?: number;
            undone_by?: number;
        };
        /** ActivityTrack */
        ActivityTrack: {
            id: string;
            title: string;
            artist: string;
        };
        /**
         * Album
         * @description An album, by what is there of it. `artist` is the album's own, which may be "Various Artists".
         */
        Album: {
            id: number;
            title: string;
            artist: string;
            artist_id: number;
            year: number | null;
            track_count: number;
            duration_ms: number;
            cover_url: string | null;
        };
        /**
         * Artist
         * @description An artist of tracks, and how many albums are theirs.
         */
        Artist: {
            id: number;
            name: string;
            album_count: number;
            track_count: number;
        };
        /**
         * AudioLink
         * @description An address that opens the audio of one track to whoever has it, until then.
         */
        AudioLink: {
            url: string;
            /** Format: date-time */
            until: string;
        };
        /**
         * Because
         * @description Why the server added a song: it is like the track `track_id`, a favorite of people here, or in the library.
         */
        Because: {
            /** @enum {string} */
            kind: "favorite" | "library" | "similar";
            track_id?: string;
        };
        /**
         * Blocked
         * @description A track or an artist that nobody adds in a playlist. `artist` is that of the track, null for an artist.
         */
        Blocked: {
            /** @enum {string} */
            kind: "artists" | "tracks";
            id: string | number;
            name: string;
            artist: string | null;
        };
        /**
         * BlockedChanged
         * @description A track or an artist was blocked, or that was lifted. No part of a snapshot changes.
         */
        BlockedChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "blocked.changed";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            /** @enum {string} */
            kind: "artists" | "tracks";
            id: string | number;
            blocked: boolean;
        };
        /**
         * BoostedItem
         * @description `boosted_at` is null when a boost was taken back.
         */
        BoostedItem: {
            /** Format: uuid */
            id: string;
            boosted_at: string | null;
        };
        /** Credentials */
        Credentials: {
            username: string;
            password: string;
        };
        /**
         * DisplayAnswer
         * @description The token of a wall; it holds as long as the link that it came by.
         */
        DisplayAnswer: {
            token: string;
        };
        /** ErrorBody */
        ErrorBody: {
            code: string;
            message: string;
            details: {
                [key: string]: unknown;
            };
        };
        /** ErrorEnvelope */
        ErrorEnvelope: {
            error: components["schemas"]["ErrorBody"];
        };
        /**
         * EventPage
         * @description A part of the log: it takes a reader from the revision `from` to `revision`.
         *
         *         `from` differs from the requested revision if the log no longer (or not yet) has that one: take a snapshot then.
         *         `complete`: `revision` was the newest one.
         */
        EventPage: {
            from: number;
            revision: number;
            complete: boolean;
            events: (components["schemas"]["TrackAdded"] | components["schemas"]["TrackRemoved"] | components["schemas"]["TrackMoved"] | components["schemas"]["TrackVoted"] | components["schemas"]["TrackBoosted"] | components["schemas"]["TrackPlaying"] | components["schemas"]["TrackUpdated"] | components["schemas"]["PlaybackChanged"] | components["schemas"]["PlaybackSkipVoted"] | components["schemas"]["ParticipantChanged"] | components["schemas"]["PlaylistReordered"] | components["schemas"]["BlockedChanged"] | components["schemas"]["PlaylistUpdated"])[];
        };
        /**
         * Failure
         * @description A file or folder that is no music, or could not be read.
         */
        Failure: {
            path: string;
            reason: string;
        };
        /**
         * Fair
         * @description The turns of fair order. `round` is the running one; `turns` is the round of the next turn of those, by `adder`,
         *         for whom that is a later one.
         */
        Fair: {
            round: number;
            turns: {
                [key: string]: number;
            };
        };
        /** GuestAnswer */
        GuestAnswer: {
            user: components["schemas"]["Person"];
            token: string;
        };
        /**
         * GuestRights
         * @description What participants may do who are not host; `downvote` needs `vote`, too.
         */
        GuestRights: {
            add: boolean;
            vote: boolean;
            downvote: boolean;
            move: boolean;
            remove_any: boolean;
            playback: boolean;
        };
        /** GuestRightsChanges */
        GuestRightsChanges: {
            add?: boolean;
            vote?: boolean;
            downvote?: boolean;
            move?: boolean;
            remove_any?: boolean;
            playback?: boolean;
        };
        /**
         * Host
         * @description The host, with the `adder` of the items that they add here.
         */
        Host: {
            id: number;
            name: string;
            adder: string | null;
        };
        /**
         * Imported
         * @description `line` counts from 1: the line of the file in M3U and CSV, the number of the entry in XSPF and JSPF.
         */
        Imported: {
            added: components["schemas"]["Item"][];
            skipped: components["schemas"]["Skipped"][];
            missing: components["schemas"]["Missing"][];
        };
        /**
         * Item
         * @description A track in a queue. `my_vote` (1, −1 or 0) is present only in answers to one caller, never in events.
         *
         *         `adder` is the same for all that one person added here, and null for what the server did; `added_by` is only a name.
         *         `boosted_at`: since when it is to play next. `because`: why the server added it; null for what people added.
         */
        Item: {
            /** Format: uuid */
            id: string;
            track_id: string;
            track: components["schemas"]["Track"];
            position: number;
            votes: number;
            /** @enum {integer} */
            my_vote?: -1 | 0 | 1;
            added_by: string;
            adder: string | null;
            /** Format: date-time */
            added_at: string;
            is_playing: boolean;
            played_at: string | null;
            boosted_at: string | null;
            because: components["schemas"]["Because"] | null;
        };
        /** ItemChanges */
        ItemChanges: {
            position?: number;
            after?: string | null;
            is_playing?: boolean;
        };
        /** JoinAnswer */
        JoinAnswer: {
            participant: components["schemas"]["Participant"];
            token: string;
        };
        /** JoinInput */
        JoinInput: {
            name?: string;
        };
        /**
         * Left
         * @description An event that was not undone, and why.
         */
        Left: {
            revision: number;
            /** @enum {string} */
            reason: "duplicate" | "expired" | "gone" | "heard" | "kind" | "superseded";
        };
        /**
         * LeftOut
         * @description An item that was not brought back: it was heard since, or its track is gone from the library.
         */
        LeftOut: {
            /** Format: uuid */
            id: string;
            track_id: string;
            title: string;
            /** @enum {string} */
            reason: "gone" | "heard";
        };
        /**
         * Library
         * @description How much there is to choose from, and the state of the scan.
         */
        Library: {
            tracks: number;
            albums: number;
            artists: number;
            duration_ms: number;
            with_audio: number;
            scan: components["schemas"]["ScanProgress"];
        };
        /**
         * Line
         * @description A line and when it begins, from the start of the song. An empty text ends the line before it.
         */
        Line: {
            at_ms: number;
            text: string;
        };
        /** LinkAnswer */
        LinkAnswer: {
            url: string;
        };
        /**
         * ListedPlaylist
         * @description A public playlist in the list of all of them, with its current track.
         */
        ListedPlaylist: {
            id: number;
            slug: string;
            name: string;
            /** @enum {string} */
            order: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy: "custom" | "hosted" | "open";
            locked: boolean;
            max_queued_per_person: number | null;
            /** @enum {string} */
            visibility: "public" | "unlisted";
            rules: components["schemas"]["Rules"];
            revision: number;
            host: components["schemas"]["Host"] | null;
            fair: components["schemas"]["Fair"] | null;
            skip: components["schemas"]["Skip"] | null;
            playback: components["schemas"]["Playback"];
            item_count: number;
            total_duration_seconds: number;
            /** Format: date-time */
            created_at: string;
            join_url: string;
            now_playing: components["schemas"]["Track"] | null;
        };
        /**
         * Lyrics
         * @description The lines by time.
         */
        Lyrics: {
            lines: components["schemas"]["Line"][];
        };
        /**
         * MeAnswer
         * @description The caller, at the top level and again as `user`: clients look in both places.
         */
        MeAnswer: {
            id: number;
            username: string | null;
            name: string;
            user: components["schemas"]["User"];
        };
        /**
         * Missing
         * @description An entry that the library has no song for.
         */
        Missing: {
            line: number;
            title: string;
            artist: string;
        };
        /** MovedItem */
        MovedItem: {
            /** Format: uuid */
            id: string;
            position: number;
        };
        /** NewGuest */
        NewGuest: {
            name: string;
        };
        /** NewItem */
        NewItem: {
            track_id: string;
            /** Format: uuid */
            id?: string;
            after?: string | null;
            added_by?: string | null;
        };
        /**
         * NewPlaylist
         * @description Defaults: manual, open, unlisted, unlocked, without a limit.
         */
        NewPlaylist: {
            name: string;
            /** @enum {string} */
            order?: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy?: "hosted" | "open";
            locked?: boolean;
            max_queued_per_person?: number | null;
            /** @enum {string} */
            visibility?: "public" | "unlisted";
            rules?: components["schemas"]["RulesChanges"];
        };
        /** NewTrack */
        NewTrack: {
            title: string;
            artist: string;
            duration_seconds: number;
            /** @default  */
            album?: string;
            /** @default  */
            genre?: string;
            /** @default null */
            cover_url?: string | null;
            /** @default null */
            audio_url?: string | null;
        };
        /**
         * Participant
         * @description A participant of a playlist. `id` is the user's id.
         */
        Participant: {
            id: number;
            name: string;
            /** @enum {string} */
            role: "cohost" | "host" | "participant";
        };
        /**
         * ParticipantChanged
         * @description A participant has another role. People are not part of the state that events lead to.
         */
        ParticipantChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "participant.changed";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            participant: components["schemas"]["Participant"];
        };
        /**
         * Person
         * @description A user, by the name that others see.
         */
        Person: {
            id: number;
            name: string;
        };
        /**
         * Playback
         * @description What plays, and how loud (0–100).
         *
         *         `position_seconds` is where it starts from. While playing, the position now is server time − `started_at_ms`, but
         *         never less than that: `started_at_ms` may lie in the future. `clock` counts how often the server's clock was set;
         *         a time of another count is one of another clock.
         */
        Playback: {
            /** @enum {string} */
            state: "paused" | "playing" | "stopped";
            item_id: string | null;
            position_seconds: number;
            started_at_ms: number | null;
            server_time_ms: number;
            volume: number;
            clock: number;
        };
        /** PlaybackChanged */
        PlaybackChanged: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playback.changed";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            playback: components["schemas"]["Playback"];
        };
        /** PlaybackInput */
        PlaybackInput: {
            /** @enum {string} */
            action: "next" | "pause" | "play" | "previous" | "seek" | "skip" | "volume";
            item_id?: string | null;
            position_seconds?: number;
            volume?: number;
            want?: boolean;
            expect_item_id?: string | null;
        };
        /**
         * PlaybackSkipVoted
         * @description `needed`: of those who were present then. With `votes` as many, the next item has been started, too.
         */
        PlaybackSkipVoted: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playback.skip_voted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            /** Format: uuid */
            item_id: string;
            votes: number;
            needed: number;
            want: boolean;
        };
        /**
         * Played
         * @description One start of a track. It survives the removal of the item and of the track.
         */
        Played: {
            /** Format: uuid */
            id: string;
            track_id: string;
            track: components["schemas"]["Track"];
            added_by: string;
            /** Format: date-time */
            played_at: string;
        };
        /**
         * Playlist
         * @description A playlist with its settings; people call it a room.
         */
        Playlist: {
            id: number;
            slug: string;
            name: string;
            /** @enum {string} */
            order: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy: "custom" | "hosted" | "open";
            locked: boolean;
            max_queued_per_person: number | null;
            /** @enum {string} */
            visibility: "public" | "unlisted";
            rules: components["schemas"]["Rules"];
            revision: number;
            host: components["schemas"]["Host"] | null;
            fair: components["schemas"]["Fair"] | null;
            skip: components["schemas"]["Skip"] | null;
            playback: components["schemas"]["Playback"];
            item_count: number;
            total_duration_seconds: number;
            /** Format: date-time */
            created_at: string;
            join_url: string;
        };
        /**
         * PlaylistChanges
         * @description Only what changed: settings, and the host, null where nobody is by now.
         *
         *         `fair`: with the order, where that becomes or was fair.
         */
        PlaylistChanges: {
            name?: string;
            /** @enum {string} */
            order?: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy?: "custom" | "hosted" | "open";
            locked?: boolean;
            max_queued_per_person?: number | null;
            /** @enum {string} */
            visibility?: "public" | "unlisted";
            rules?: components["schemas"]["Rules"];
            host?: components["schemas"]["Host"] | null;
            fair?: components["schemas"]["Fair"] | null;
        };
        /**
         * PlaylistRecord
         * @description A playlist without the address to join at, which depends on the request. `fair`: null in any other order.
         */
        PlaylistRecord: {
            id: number;
            slug: string;
            name: string;
            /** @enum {string} */
            order: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy: "custom" | "hosted" | "open";
            locked: boolean;
            max_queued_per_person: number | null;
            /** @enum {string} */
            visibility: "public" | "unlisted";
            rules: components["schemas"]["Rules"];
            revision: number;
            host: components["schemas"]["Host"] | null;
            fair: components["schemas"]["Fair"] | null;
            skip: components["schemas"]["Skip"] | null;
            playback: components["schemas"]["Playback"];
            item_count: number;
            total_duration_seconds: number;
            /** Format: date-time */
            created_at: string;
        };
        /** PlaylistReordered */
        PlaylistReordered: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playlist.reordered";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            items: components["schemas"]["MovedItem"][];
        };
        /**
         * PlaylistSettings
         * @description The settings that a host may change; the fields of `playlist.update`.
         *
         *         `policy` is a preset of `rules.guests`, so only one of the two may be given.
         */
        PlaylistSettings: {
            name?: string;
            /** @enum {string} */
            order?: "fair" | "manual" | "votes";
            /** @enum {string} */
            policy?: "hosted" | "open";
            locked?: boolean;
            max_queued_per_person?: number | null;
            /** @enum {string} */
            visibility?: "public" | "unlisted";
            rules?: components["schemas"]["RulesChanges"];
        };
        /** PlaylistUpdated */
        PlaylistUpdated: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "playlist.updated";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            playlist: components["schemas"]["PlaylistChanges"];
        };
        /**
         * Queued
         * @description An item that is still to play. `plays_at_ms`: when it starts if nothing changes; null while nothing plays.
         *
         *         `round` is there in fair order, for what people added.
         */
        Queued: {
            /** Format: uuid */
            item_id: string;
            plays_at_ms: number | null;
            round?: number;
            because: components["schemas"]["Reason"][];
        };
        /**
         * Reason
         * @description Why an item stands where it does.
         *
         *         boosted: somebody let it play next. turn: its round, with so many songs `ahead` in earlier rounds. votes: so many
         *         songs are `ahead` with more votes (in fair order: in the same round). position: it stands behind its equals.
         */
        Reason: {
            /** @enum {string} */
            kind: "boosted" | "position" | "turn" | "votes";
            round?: number;
            ahead?: number;
        };
        /**
         * Recommendation
         * @description A song that would fit the playlist.
         */
        Recommendation: {
            track: components["schemas"]["Track"];
            because: components["schemas"]["RecommendationReason"];
        };
        /**
         * RecommendationReason
         * @description Why a song is recommended. `track_id` is the song of the queue that led to it; a favorite has none.
         */
        RecommendationReason: {
            /** @enum {string} */
            kind: "favorite" | "played_together" | "same_album" | "same_artist" | "same_genre";
            track_id?: string;
        };
        /**
         * RestoreInput
         * @description The revision to go back to; `GET …/at` shows what was there.
         */
        RestoreInput: {
            revision: number;
        };
        /**
         * Restored
         * @description What was brought back by the events after the revision `from` up to `revision`, and what was left out.
         */
        Restored: {
            from: number;
            revision: number;
            left: components["schemas"]["LeftOut"][];
        };
        /** RoleInput */
        RoleInput: {
            /** @enum {string} */
            role: "cohost" | "host" | "participant";
        };
        /**
         * Rules
         * @description All rules. `guests` and `boosts_per_hour` do not bind the host and cohosts; the others hold for everybody.
         *
         *         `repeat_after_minutes`: nothing is added that was started less than so long ago. `skip_share`: the share of those
         *         present whose votes skip a song. Null: no such rule.
         */
        Rules: {
            guests: components["schemas"]["GuestRights"];
            max_track_seconds: number | null;
            repeat_after_minutes: number | null;
            skip_share: number | null;
            boosts_per_hour: number;
            /** @enum {string} */
            fallback: "favorites" | "library" | "off" | "similar";
        };
        /**
         * RulesChanges
         * @description Rules to change; what is absent stays as it is. Rows keep rules in this form, on top of NO_RULES.
         */
        RulesChanges: {
            guests?: components["schemas"]["GuestRightsChanges"];
            max_track_seconds?: number | null;
            repeat_after_minutes?: number | null;
            skip_share?: number | null;
            boosts_per_hour?: number;
            /** @enum {string} */
            fallback?: "favorites" | "library" | "off" | "similar";
        };
        /**
         * ScanProgress
         * @description The scan that runs, or the last one. `found` and `done` count files, `missing` tracks that lost their file.
         */
        ScanProgress: {
            /** @enum {string} */
            state: "idle" | "scanning";
            found: number;
            done: number;
            added: number;
            changed: number;
            missing: number;
            failed: components["schemas"]["Failure"][];
            started_at: string | null;
            finished_at: string | null;
        };
        /** SecretInput */
        SecretInput: {
            secret: string;
        };
        /**
         * Skip
         * @description The votes to skip the current item, the ids of those voters who have one, and how many votes were needed last.
         */
        Skip: {
            /** Format: uuid */
            item_id: string;
            votes: number;
            needed: number;
            people: number[];
        };
        /**
         * Skipped
         * @description An entry whose song is in the library but was not added; `reason` is the code of the refusal.
         */
        Skipped: {
            line: number;
            reason: string;
        };
        /**
         * Snapshot
         * @description A whole playlist at one revision; `items` are in playing order and carry no `my_vote`.
         */
        Snapshot: {
            revision: number;
            stamp: string;
            playlist: components["schemas"]["PlaylistRecord"];
            items: components["schemas"]["Item"][];
            playback: components["schemas"]["Playback"];
        };
        /**
         * Track
         * @description An entry of the library.
         *
         *         `duration_ms` is exact, `duration_seconds` rounded and at least 1. `gain_db` leads to −16 LUFS without clipping.
         *         `audio_version` changes with the file; `missing`: the file has vanished.
         */
        Track: {
            id: string;
            title: string;
            artist: string;
            album: string;
            duration_seconds: number;
            genre: string;
            cover_url: string | null;
            audio_url: string | null;
            duration_ms: number;
            artist_id: number | null;
            album_id: number | null;
            track_number: number | null;
            disc_number: number | null;
            year: number | null;
            gain_db: number | null;
            audio_version: string | null;
            missing: boolean;
            /** Format: date-time */
            added_at: string;
        };
        /** TrackAdded */
        TrackAdded: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.added";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["Item"];
        };
        /** TrackBoosted */
        TrackBoosted: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.boosted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["BoostedItem"];
        };
        /** TrackChanges */
        TrackChanges: {
            title?: string;
            artist?: string;
            duration_seconds?: number;
            album?: string;
            genre?: string;
            cover_url?: string | null;
            audio_url?: string | null;
        };
        /** TrackMoved */
        TrackMoved: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.moved";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["MovedItem"];
        };
        /**
         * TrackPlaying
         * @description `at` is the item's `played_at`; `id` is null at the end of the queue. `fair`: the turns from then on.
         */
        TrackPlaying: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.playing";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            id: string | null;
            playback: components["schemas"]["Playback"];
            fair: components["schemas"]["Fair"] | null;
        };
        /** TrackRemoved */
        TrackRemoved: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.removed";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            /** Format: uuid */
            id: string;
        };
        /** TrackUpdated */
        TrackUpdated: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.updated";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            track: components["schemas"]["Track"];
        };
        /** TrackVoted */
        TrackVoted: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "track.voted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["VotedItem"];
        };
        /**
         * UndoAnswer
         * @description The revisions that were undone, newest first, and those that were left as they are.
         *
         *         `entries`, in a preview only: those of `undone`, as the activity has them.
         */
        UndoAnswer: {
            undone: number[];
            left: components["schemas"]["Left"][];
            entries?: components["schemas"]["Activity"][];
        };
        /**
         * UndoInput
         * @description `preview`: only say what would be undone.
         */
        UndoInput: {
            revisions?: number[];
            person_id?: number;
            since_revision?: number;
            minutes?: number;
            /** @default false */
            preview?: boolean;
        };
        /**
         * User
         * @description An account; `username` is null for a guest.
         */
        User: {
            id: number;
            username: string | null;
            name: string;
        };
        /** VoteInput */
        VoteInput: {
            /** @enum {string} */
            direction: "down" | "none" | "up";
        };
        /** VotedItem */
        VotedItem: {
            /** Format: uuid */
            id: string;
            votes: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_albums: {
        parameters: {
            query?: {
                /** @description The artist's id. */
                artist_id?: number;
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
                /** @description Words to find in the name; of albums, in the artist's, too. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Album"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_artists: {
        parameters: {
            query?: {
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
                /** @description Words to find in the name; of albums, in the artist's, too. */
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artist"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_favorites: {
        parameters: {
            query?: {
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    put_favorites_track_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_favorites_track_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_genres: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_guests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewGuest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_library: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Library"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_library_scan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Library"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlist: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"][];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlist: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewItem"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description MALFORMED, MISSING_TRACK_ID, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NO_AUDIO, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description BLOCKED, CONFLICT, DUPLICATE_TRACK, LIMIT_REACHED, OP_CONFLICT, PLAYED_RECENTLY, TOO_LONG */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlist_item_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_playlist_item_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    patch_playlist_item_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ItemChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description CONFLICT, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlist_item_id_boost: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description CONFLICT, NO_BOOSTS_LEFT, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlist_item_id_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description BLOCKED, DUPLICATE_TRACK, LIMIT_REACHED, OP_CONFLICT, PLAYED_RECENTLY, TOO_LONG */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlist_item_id_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoteInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description INVALID_DIRECTION, MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlist_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewItem"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description MALFORMED, MISSING_TRACK_ID, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NO_AUDIO, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description BLOCKED, CONFLICT, DUPLICATE_TRACK, LIMIT_REACHED, OP_CONFLICT, PLAYED_RECENTLY, TOO_LONG */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists: {
        parameters: {
            query?: {
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
                /** @description true: those that the caller is in, the last visited first. */
                mine?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedPlaylist"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPlaylist"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description LIMIT_REACHED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_playlists_slug: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    patch_playlists_slug: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PlaylistSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_activity: {
        parameters: {
            query?: {
                /** @description Only what happened before this revision. */
                before?: number;
                /** @description Events; 500 at most. */
                limit?: number;
                /** @description Only what this person did, by their id. */
                person?: number;
                /** @description Only events of this type. */
                type?: "blocked.changed" | "participant.changed" | "playback.changed" | "playback.skip_voted" | "playlist.reordered" | "playlist.updated" | "track.added" | "track.boosted" | "track.moved" | "track.playing" | "track.removed" | "track.updated" | "track.voted";
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Activity"][];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_at: {
        parameters: {
            query?: {
                /** @description A time, instead. */
                at?: string;
                /** @description One of the log's revisions. */
                revision?: number;
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_blocked: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Blocked"][];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    put_playlists_slug_blocked_kind_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description What is blocked. */
                kind: "tracks" | "artists";
                /** @description The room's slug. */
                slug: string;
                /** @description The track's id, or the artist's. */
                target: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_playlists_slug_blocked_kind_target: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description What is blocked. */
                kind: "tracks" | "artists";
                /** @description The room's slug. */
                slug: string;
                /** @description The track's id, or the artist's. */
                target: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_claim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description LIMIT_REACHED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_display: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisplayAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_display_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswer"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_events: {
        parameters: {
            query?: {
                /** @description Events; 500 at most. */
                limit?: number;
                /** @description The last revision known. */
                since?: number;
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_export: {
        parameters: {
            query: {
                /** @description The kind of file. */
                format: "m3u8" | "xspf" | "jspf" | "csv";
                /** @description What plays and waits, or what was played; by default the queue. */
                what?: "queue" | "history";
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/x-mpegurl": string;
                    "application/xspf+xml": string;
                    "application/jspf+json": Record<string, never>;
                    "text/csv": string;
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_history: {
        parameters: {
            query?: {
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Played"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_host_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswer"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Imported"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_items: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"][];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_items: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewItem"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description MALFORMED, MISSING_TRACK_ID, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NO_AUDIO, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description BLOCKED, CONFLICT, DUPLICATE_TRACK, LIMIT_REACHED, OP_CONFLICT, PLAYED_RECENTLY, TOO_LONG */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_items_item_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_playlists_slug_items_item_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    patch_playlists_slug_items_item_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ItemChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description CONFLICT, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_items_item_id_boost: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description CONFLICT, NO_BOOSTS_LEFT, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_items_item_id_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description BLOCKED, DUPLICATE_TRACK, LIMIT_REACHED, OP_CONFLICT, PLAYED_RECENTLY, TOO_LONG */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_items_item_id_vote: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The queue item's id. */
                item_id: string;
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoteInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description INVALID_DIRECTION, MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_join: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["JoinInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JoinAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_participants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"][];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_playlists_slug_participants_user_id: {
        parameters: {
            query?: {
                /** @description true: they cannot come back; false: a ban is lifted. */
                ban?: boolean;
                /** @description true: the items that they added are removed too. */
                remove_items?: boolean;
            };
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
                /** @description The person's id, as the list of participants has it. */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    patch_playlists_slug_participants_user_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
                /** @description The person's id, as the list of participants has it. */
                user_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Participant"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description LIMIT_REACHED, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_playback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_playback: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaybackInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playback"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description ITEM_NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description CONFLICT, LIMIT_REACHED, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queued"][];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_recommendations: {
        parameters: {
            query?: {
                /** @description Songs; 50 at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recommendation"][];
                };
            };
            /** @description VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Restored"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_playlists_slug_undo: {
        parameters: {
            query?: never;
            header?: {
                /** @description For 24 hours, the same key and payload get the same answer and have one effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UndoInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UndoAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_UNDOABLE, OP_CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_tracks: {
        parameters: {
            query?: {
                /** @description The album's full title. */
                album?: string;
                /** @description The album's id. */
                album_id?: number;
                /** @description The artist's full name. */
                artist?: string;
                /** @description The artist's id. */
                artist_id?: number;
                /** @description Where the page begins; from the Link header of the page before. */
                cursor?: string;
                /** @description true: only what the caller likes, who needs an identity. */
                favorites?: boolean;
                /** @description The genre, whole. */
                genre?: string;
                /** @description Rows a page; 500 at most. */
                limit?: number;
                /** @description Words to find in title, artist and album; 1 or 2 Latin letters match the beginning of a word. */
                search?: string;
                /** @description Without it, the best match comes first. */
                sort?: "album" | "recent" | "title";
                /** @description true: only what has sound. */
                with_audio?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"][];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_tracks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTrack"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_tracks_track_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    delete_tracks_track_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    patch_tracks_track_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrackChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_tracks_track_id_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AudioLink"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NO_AUDIO, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_tracks_track_id_lyrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The track's id. */
                track_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lyrics"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description NOT_FOUND, TRACK_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_user_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_user_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_user_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_user_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountAnswer"];
                };
            };
            /** @description MALFORMED, VALIDATION_ERROR */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_playlists_slug_stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description REVISION.STAMP of the last event seen: the stream continues right after it. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The room's slug. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    get_stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description REVISION.STAMP of the last event seen: the stream continues right after it. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description PLAYLIST_NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
    post_tracks_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description MP3, FLAC, Ogg, M4A … */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The track that this recording is already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            /** @description The new track */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Track"];
                };
            };
            /** @description VALIDATION_ERROR, MALFORMED */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description AUTH_REQUIRED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE, NOT_AUDIO */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
            /** @description STORAGE_FULL */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorEnvelope"];
                };
            };
        };
    };
}
