// What a program does with the client that openapi-generator makes; prints what it saw of the server at argv[2].
import { Configuration, LibraryApi, PeopleApi, PlaylistsApi, QueueApi, ResponseError } from "./client";
import type { components } from "./types";

const NOWHERE = "00000000-0000-0000-0000-000000000000";

/** openapi-typescript's events are told apart by their type, too. */
export function titleOf(event: components["schemas"]["EventPage"]["events"][number]): string | null {
  return event.type === "track.added" ? event.item.track.title : null;
}

async function evening(basePath: string): Promise<object> {
  const { token } = await new PeopleApi(new Configuration({ basePath })).postGuests({ newGuest: { name: "Anna" } });
  const anna = new Configuration({ basePath, accessToken: token });
  const queue = new QueueApi(anna);
  const [track] = await new LibraryApi(anna).getTracks({ search: "Song 1" });
  const added = await queue.postPlaylist({ newItem: { trackId: track.id } });
  const { votes } = await queue.postPlaylistItemIdVote({ itemId: added.id, voteInput: { direction: "up" } });
  const { events } = await new PlaylistsApi(anna).getPlaylistsSlugEvents({ slug: "main", since: 0 });
  const titles = events.map((event) => (event.type === "track.added" ? event.item.track.title : event.type));
  const refused = await queue.getPlaylistItemId({ itemId: NOWHERE }).catch((error: ResponseError) => error.response.status);
  return { votes, titles, refused, year: added.addedAt.getUTCFullYear() };
}

evening(process.argv[2]).then((seen) => console.log(JSON.stringify(seen)));
