// Generated from the server's own documents by `python3 run.py types`. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Ack */
        Ack: {
            /** @enum {string} */
            type: "ack";
            op_id: string;
            revision: number;
            result: unknown;
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
         * BlockedChanged
         * @description A track or an artist was blocked, or that was lifted. No part of a snapshot changes.
         */
        BlockedChanged: {
            /** @enum {string} */
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
        /**
         * ChangesFrame
         * @description Brings a client from `from` to `revision`. encoding.py puts it together as text, in `changes`.
         */
        ChangesFrame: {
            /** @enum {string} */
            type: "changes";
            from: number;
            revision: number;
            stamp: string;
            events: (components["schemas"]["TrackAdded"] | components["schemas"]["TrackRemoved"] | components["schemas"]["TrackMoved"] | components["schemas"]["TrackVoted"] | components["schemas"]["TrackBoosted"] | components["schemas"]["TrackPlaying"] | components["schemas"]["TrackUpdated"] | components["schemas"]["PlaybackChanged"] | components["schemas"]["PlaybackSkipVoted"] | components["schemas"]["ParticipantChanged"] | components["schemas"]["PlaylistReordered"] | components["schemas"]["BlockedChanged"] | components["schemas"]["PlaylistUpdated"])[];
        };
        /**
         * Cursor
         * @description A client's position: its revision, and the stamp that tells this history from another one.
         */
        Cursor: {
            revision: number;
            stamp: string;
        };
        /** ErrorBody */
        ErrorBody: {
            code: string;
            message: string;
            details: {
                [key: string]: unknown;
            };
        };
        /** ErrorFrame */
        ErrorFrame: {
            /** @enum {string} */
            type: "error";
            error: components["schemas"]["ErrorBody"];
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
        /** GoingAway */
        GoingAway: {
            /** @enum {string} */
            type: "going_away";
            retry_ms: number;
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
        /** Hello */
        Hello: {
            /** @enum {string} */
            type: "hello";
            resume?: components["schemas"]["Cursor"] | null;
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
        /**
         * Limits
         * @description The settings that a client must respect.
         */
        Limits: {
            frame_in_bytes: number;
            frame_out_bytes: number;
            commands_per_second: number;
            commands_burst: number;
            commands_in_flight: number;
            unread_frames: number;
            unread_bytes: number;
            resume_events: number;
        };
        /** MovedItem */
        MovedItem: {
            /** Format: uuid */
            id: string;
            position: number;
        };
        /** MyVotes */
        MyVotes: {
            /** @enum {string} */
            type: "my_votes";
            revision: number;
            votes: {
                [key: string]: number;
            };
        };
        /** Nack */
        Nack: {
            /** @enum {string} */
            type: "nack";
            op_id: string;
            error: components["schemas"]["ErrorBody"];
            retryable: boolean;
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
            /** @enum {string} */
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
         * Ping
         * @description Plain mode only.
         */
        Ping: {
            /** @enum {string} */
            type: "ping";
        };
        /**
         * PlainMoved
         * @description With the whole item, for clients that replace theirs.
         */
        PlainMoved: {
            /** @enum {string} */
            type: "track.moved";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["Item"];
        };
        /** PlainPing */
        PlainPing: {
            /** @enum {string} */
            type: "ping";
            /** Format: date-time */
            ts: string;
        };
        /**
         * PlainPong
         * @description Plain mode only: the answer to a client's ping.
         */
        PlainPong: {
            /** @enum {string} */
            type: "pong";
        };
        /**
         * PlainReordered
         * @description A whole list, for clients that replace theirs.
         */
        PlainReordered: {
            /** @enum {string} */
            type: "playlist.reordered";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            items: components["schemas"]["Item"][];
        };
        /**
         * PlainVoted
         * @description With the whole item, for clients that replace theirs.
         */
        PlainVoted: {
            /** @enum {string} */
            type: "track.voted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["Item"];
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
            /** @enum {string} */
            type: "playback.changed";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            playback: components["schemas"]["Playback"];
        };
        /**
         * PlaybackSkipVoted
         * @description `needed`: of those who were present then. With `votes` as many, the next item has been started, too.
         */
        PlaybackSkipVoted: {
            /** @enum {string} */
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
        /** PlaylistReordered */
        PlaylistReordered: {
            /** @enum {string} */
            type: "playlist.reordered";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            items: components["schemas"]["MovedItem"][];
        };
        /** PlaylistUpdated */
        PlaylistUpdated: {
            /** @enum {string} */
            type: "playlist.updated";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            playlist: components["schemas"]["PlaylistChanges"];
        };
        /** Pong */
        Pong: {
            /** @enum {string} */
            type: "pong";
            /** @default null */
            t?: number | null;
        };
        /** Presence */
        Presence: {
            /** @enum {string} */
            type: "presence";
            online: number;
            participants: components["schemas"]["Participant"][];
            speakers: components["schemas"]["SpeakerName"][];
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
        /** ServerPing */
        ServerPing: {
            /** @enum {string} */
            type: "ping";
            t: number;
            revision: number;
        };
        /**
         * ServerTime
         * @description The clock of `started_at_ms`. `clock` counts how often it was set: times of two counts are of two clocks.
         */
        ServerTime: {
            /** @enum {string} */
            type: "time";
            t: number | string | null;
            server_time_ms: number;
            clock: number;
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
         * SnapshotPage
         * @description `playlist` and `playback` are on the first page, `my_votes` on the last.
         */
        SnapshotPage: {
            /** @enum {string} */
            type: "snapshot";
            revision: number;
            stamp: string;
            /** @enum {string} */
            reason: "cursor_ahead" | "expired" | "history_changed" | "initial" | "too_many";
            page: number;
            pages: number;
            playlist?: components["schemas"]["Playlist"];
            items: components["schemas"]["Item"][];
            playback?: components["schemas"]["Playback"];
            my_votes?: {
                [key: string]: number;
            };
        };
        /**
         * Speaker
         * @description This device plays the sound of the room, or stops. What it plays is told as evidence only.
         *
         *         A name needs an identity; without one it is "A device".
         */
        Speaker: {
            /** @enum {string} */
            type: "speaker";
            on: boolean;
            name?: string | null;
            item_id?: string | null;
            started_at_ms?: number | null;
        };
        /** SpeakerName */
        SpeakerName: {
            name: string;
        };
        /** Time */
        Time: {
            /** @enum {string} */
            type: "time";
            /** @default null */
            t?: number | string | null;
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
            /** @enum {string} */
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
            /** @enum {string} */
            type: "track.boosted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["BoostedItem"];
        };
        /** TrackMoved */
        TrackMoved: {
            /** @enum {string} */
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
            /** @enum {string} */
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
            /** @enum {string} */
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
            /** @enum {string} */
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
            /** @enum {string} */
            type: "track.voted";
            revision: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Person"] | null;
            op_id?: string;
            undoes?: number;
            item: components["schemas"]["VotedItem"];
        };
        /** VotedItem */
        VotedItem: {
            /** Format: uuid */
            id: string;
            votes: number;
        };
        /** Welcome */
        Welcome: {
            /** @enum {string} */
            type: "welcome";
            protocol: number;
            revision: number;
            stamp: string;
            you: components["schemas"]["You"];
            limits: components["schemas"]["Limits"];
            server_time_ms: number;
        };
        /** You */
        You: {
            id: number | null;
            name: string | null;
            role: ("cohost" | "host" | "participant") | null;
            adder: string | null;
        };
        /**
         * TrackAddCommand
         * @description `after`: null means the front, absent means the end. `added_by` counts only for callers without an identity.
         */
        TrackAddCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.add";
            track_id: string;
            /** Format: uuid */
            id?: string;
            after?: string | null;
            added_by?: string | null;
        };
        /**
         * TracksAddCommand
         * @description Several tracks in a row, in this order, except those that are queued already.
         *
         *         `ids`: one for each track, made by the client. `after` and `added_by` as in TrackAdd.
         */
        TracksAddCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "tracks.add";
            track_ids: string[];
            ids?: string[];
            after?: string | null;
            added_by?: string | null;
        };
        /** TrackRemoveCommand */
        TrackRemoveCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.remove";
            /** Format: uuid */
            id: string;
        };
        /**
         * TrackRestoreCommand
         * @description Restores a removed item.
         */
        TrackRestoreCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.restore";
            /** Format: uuid */
            id: string;
        };
        /** LogUndoCommand */
        LogUndoCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "log.undo";
            revisions?: number[];
            person_id?: number;
            since_revision?: number;
            minutes?: number;
        };
        /**
         * TrackMoveCommand
         * @description Exactly one of `after` (null: the front) and `position`.
         */
        TrackMoveCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.move";
            /** Format: uuid */
            id: string;
            after?: string | null;
            position?: number;
        };
        /**
         * TrackVoteCommand
         * @description Sets the actor's vote for the item, and replaces an earlier one.
         */
        TrackVoteCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.vote";
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            direction: "down" | "none" | "up";
        };
        /**
         * TrackBoostCommand
         * @description Lets a waiting item play next.
         */
        TrackBoostCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "track.boost";
            /** Format: uuid */
            id: string;
        };
        /**
         * PlaybackPlayCommand
         * @description Without `item_id`: resumes the paused item, or starts the queue.
         */
        PlaybackPlayCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.play";
            expect_item_id?: string | null;
            /** @default null */
            item_id?: string | null;
        };
        /**
         * PlaybackPauseCommand
         * @description With `item_id`: pauses only while that item plays.
         */
        PlaybackPauseCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.pause";
            expect_item_id?: string | null;
            /** @default null */
            item_id?: string | null;
        };
        /** PlaybackNextCommand */
        PlaybackNextCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.next";
            expect_item_id?: string | null;
        };
        /** PlaybackPreviousCommand */
        PlaybackPreviousCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.previous";
            expect_item_id?: string | null;
        };
        /** PlaybackSeekCommand */
        PlaybackSeekCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.seek";
            expect_item_id?: string | null;
            position_seconds: number;
        };
        /**
         * PlaybackVolumeCommand
         * @description The volume of the room; every device has one of its own besides.
         */
        PlaybackVolumeCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.volume";
            expect_item_id?: string | null;
            volume: number;
        };
        /**
         * PlaybackSkipCommand
         * @description Whether the actor wants the current item, which must be this one, to be skipped.
         */
        PlaybackSkipCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playback.skip";
            expect_item_id?: string | null;
            /** Format: uuid */
            item_id: string;
            want: boolean;
        };
        /** PlaylistUpdateCommand */
        PlaylistUpdateCommand: {
            /** @enum {string} */
            type: "command";
            op_id: string;
            /** @enum {string} */
            command: "playlist.update";
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

export type Schemas = components["schemas"];

export type ServerFrame =
  | Schemas["Welcome"]
  | Schemas["SnapshotPage"]
  | Schemas["ChangesFrame"]
  | Schemas["MyVotes"]
  | Schemas["Ack"]
  | Schemas["Nack"]
  | Schemas["Presence"]
  | Schemas["ServerPing"]
  | Schemas["ServerTime"]
  | Schemas["GoingAway"]
  | Schemas["ErrorFrame"];

export type ClientFrame =
  | Schemas["Hello"]
  | Schemas["Pong"]
  | Schemas["Time"]
  | Schemas["Speaker"]
  | Schemas["TrackAddCommand"]
  | Schemas["TracksAddCommand"]
  | Schemas["TrackRemoveCommand"]
  | Schemas["TrackRestoreCommand"]
  | Schemas["LogUndoCommand"]
  | Schemas["TrackMoveCommand"]
  | Schemas["TrackVoteCommand"]
  | Schemas["TrackBoostCommand"]
  | Schemas["PlaybackPlayCommand"]
  | Schemas["PlaybackPauseCommand"]
  | Schemas["PlaybackNextCommand"]
  | Schemas["PlaybackPreviousCommand"]
  | Schemas["PlaybackSeekCommand"]
  | Schemas["PlaybackVolumeCommand"]
  | Schemas["PlaybackSkipCommand"]
  | Schemas["PlaylistUpdateCommand"];

export type RoomEvent =
  | Schemas["TrackAdded"]
  | Schemas["TrackRemoved"]
  | Schemas["TrackMoved"]
  | Schemas["TrackVoted"]
  | Schemas["TrackBoosted"]
  | Schemas["TrackPlaying"]
  | Schemas["TrackUpdated"]
  | Schemas["PlaybackChanged"]
  | Schemas["PlaybackSkipVoted"]
  | Schemas["ParticipantChanged"]
  | Schemas["PlaylistReordered"]
  | Schemas["BlockedChanged"]
  | Schemas["PlaylistUpdated"];
