// REST, for everything outside of a room's socket. The session cookie is the identity.
import createClient from "openapi-fetch";
import { boot } from "../boot";
import type { components, paths } from "./rest.generated";
import { nextIn, queryOf } from "./query";
import type { Kind, Participant, Track, Undo, UndoPreview } from "./types";

/** A refusal in the contract's shape, or its equivalent when the server cannot be reached. */
export class RestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

client.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("X-CSRFToken", cookie(boot.csrf_cookie));
    return request;
  },
});

function cookie(name: string): string {
  const found = cookies().find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

function cookies(): string[] {
  try {
    return document.cookie.split("; ");
  } catch {
    return []; // a browser that keeps none may refuse to be asked
  }
}

/**
 * The session is a cookie, too: in a browser that keeps none, the server forgets a guest at once, and each try makes
 * another one. Throws RestError.
 */
function checkCookies(): void {
  if (cookie(boot.csrf_cookie) !== "") return;
  throw new RestError(keepsOurOwn() ? "NO_COOKIES_OVER_HTTP" : "NO_COOKIES", "This browser has not kept the server's cookie.");
}

/** Whether a cookie is kept that is not for https alone, as the server's may be. (`navigator.cookieEnabled` knows less.) */
function keepsOurOwn(): boolean {
  try {
    document.cookie = "probe=1; SameSite=Lax";
    const isKept = cookie("probe") !== "";
    document.cookie = "probe=; SameSite=Lax; Max-Age=0";
    return isKept;
  } catch {
    return false;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer. Throws RestError. */
async function bodyOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new RestError("UNREACHABLE", "The server cannot be reached.");
  });
  if (!response.ok) throw refusalOf(error);
  return data as T;
}

function refusalOf(body: unknown): RestError {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { code, message, details } = body.error as { code: string; message: string; details: Record<string, unknown> };
    return new RestError(code, message, details);
  }
  return new RestError("UNAVAILABLE", "The server did not answer as it should.");
}

/** Whether the server answers over plain HTTP. Everybody may read this room, also through a proxy. */
export async function isServerReachable(): Promise<boolean> {
  try {
    return (await fetch("/api/playlists/main", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const PAGE = 100;
/** The longest page that the server gives, for lists that are needed whole. */
const LONG_PAGE = 500;

export type BlockedKind = components["schemas"]["Blocked"]["kind"];

export interface TrackFilters {
  search?: string;
  genre?: string;
  album_id?: number;
  artist_id?: number;
  favorites?: true;
  sort?: "album";
}

export interface ActivityFilters {
  person: number | null;
  type: Kind | null;
  before: number | null;
}

export const rest = {
  async join(slug: string, name: string) {
    checkCookies();
    return bodyOf(client.POST("/api/playlists/{slug}/join", { params: { path: { slug } }, body: { name } }));
  },

  async becomeGuest(name: string) {
    checkCookies();
    return bodyOf(client.POST("/api/guests", { body: { name } }));
  },

  /** Make an account of this guest. */
  async register(credentials: { username: string; password: string }) {
    checkCookies();
    return bodyOf(client.POST("/api/user/register", { body: credentials }));
  },

  async logIn(credentials: { username: string; password: string }) {
    checkCookies();
    return bodyOf(client.POST("/api/user/login", { body: credentials }));
  },

  /** Send a file to the library; `progress` hears which part is on its way, from 0 to 1. Rejects with the signal's reason. */
  upload: (file: File, progress: (part: number) => void, signal: AbortSignal) =>
    new Promise<Track>((resolve, reject) => {
      const form = new FormData();
      form.append("file", file);
      const request = new XMLHttpRequest(); // fetch does not tell how much has gone out
      request.open("POST", "/api/tracks/upload");
      request.setRequestHeader("X-CSRFToken", cookie(boot.csrf_cookie));
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
      request.onload = () => (request.status < 300 ? resolve(request.response as Track) : reject(refusalOf(request.response)));
      request.onerror = () => reject(new RestError("UNREACHABLE", "The server cannot be reached."));
      signal.addEventListener("abort", () => {
        request.abort();
        reject(signal.reason as DOMException);
      });
      request.send(form);
    }),

  /** Add the songs of a playlist file to the queue; with the same `key` it has one effect. */
  importPlaylist: (slug: string, file: Blob, key: string) =>
    bodyOf(
      client.POST("/api/playlists/{slug}/import", {
        params: { path: { slug }, header: { "Idempotency-Key": key } },
        headers: { "Content-Type": "application/octet-stream" },
        body: "", // what is sent is the file as it is
        bodySerializer: () => file,
      }),
    ),

  /** A page of the log as people read it, newest first. */
  async activity(slug: string, filters: ActivityFilters, signal?: AbortSignal) {
    const request = client.GET("/api/playlists/{slug}/activity", {
      params: { path: { slug }, query: queryOf({ ...filters, limit: PAGE }) },
      ...(signal && { signal }),
    });
    const rows = await bodyOf(request);
    const before = nextIn((await request).response.headers.get("Link"), "before");
    return { rows, next: before === null ? null : Number(before) };
  },

  /** Undo events, or what somebody did lately. */
  undo: (slug: string, what: Undo, key: string) =>
    bodyOf(client.POST("/api/playlists/{slug}/undo", { params: { path: { slug }, header: { "Idempotency-Key": key } }, body: what })),

  /** What undoing would do now. */
  undoPreview: (slug: string, what: Undo, signal: AbortSignal) =>
    bodyOf(client.POST("/api/playlists/{slug}/undo", { params: { path: { slug } }, body: { ...what, preview: true }, signal })) as Promise<UndoPreview>,

  /** What was played, newest first: at most a long page. */
  history: (slug: string, signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists/{slug}/history", { params: { path: { slug }, query: { limit: LONG_PAGE } }, signal })),

  /** The queue as it was at a time, in ISO 8601. */
  past: (slug: string, at: string, signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists/{slug}/at", { params: { path: { slug }, query: { at } }, signal })),

  /** Bring what is still to play back to what it was. */
  restore: (slug: string, revision: number, key: string) =>
    bodyOf(client.POST("/api/playlists/{slug}/restore", { params: { path: { slug }, header: { "Idempotency-Key": key } }, body: { revision } })),

  startRoom: (name: string, order: "manual" | "votes", visibility: "public" | "unlisted") =>
    bodyOf(client.POST("/api/playlists", { body: { name, order, visibility } })),

  publicRooms: (signal: AbortSignal) => bodyOf(client.GET("/api/playlists", { params: { query: { limit: 24 } }, signal })),

  /** The rooms that this person is in, the last visited first. */
  ownRooms: (signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists", { params: { query: { limit: 24, mine: true } }, signal })),

  genres: (signal: AbortSignal) => bodyOf(client.GET("/api/genres", { signal })),

  participants: (slug: string, signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists/{slug}/participants", { params: { path: { slug } }, signal })),

  removeParticipant: (slug: string, id: number, removeItems: boolean) =>
    bodyOf(
      client.DELETE("/api/playlists/{slug}/participants/{user_id}", {
        params: { path: { slug, user_id: id }, query: { ban: true, remove_items: removeItems } },
      }),
    ),

  /** Let somebody who was removed come back. */
  liftBan: (slug: string, id: number) =>
    bodyOf(
      client.DELETE("/api/playlists/{slug}/participants/{user_id}", {
        params: { path: { slug, user_id: id }, query: { ban: false } },
      }),
    ),

  /** Songs that would fit what is queued. */
  recommendations: (slug: string, signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists/{slug}/recommendations", { params: { path: { slug } }, signal })),

  /** Make somebody a cohost or not; "host" hands the room over. */
  setRole: (slug: string, id: number, role: Participant["role"]) =>
    bodyOf(client.PATCH("/api/playlists/{slug}/participants/{user_id}", { params: { path: { slug, user_id: id } }, body: { role } })),

  /** A new link, which ends the one before. */
  newLink: (slug: string, kind: "host-link" | "display-link") =>
    bodyOf(client.POST(`/api/playlists/{slug}/${kind}`, { params: { path: { slug } } })).then(({ url }) => url),

  /** Become host by the host link. */
  claim: (slug: string, secret: string) =>
    bodyOf(client.POST("/api/playlists/{slug}/claim", { params: { path: { slug } }, body: { secret } })),

  /** Become a wall by the wall link: the cookie comes with the answer. */
  becomeWall: (slug: string, secret: string) =>
    bodyOf(client.POST("/api/playlists/{slug}/display", { params: { path: { slug } }, body: { secret } })),

  /** What nobody adds in a room. */
  blocked: (slug: string, signal: AbortSignal) =>
    bodyOf(client.GET("/api/playlists/{slug}/blocked", { params: { path: { slug } }, signal })),

  async setBlocked(slug: string, kind: BlockedKind, id: string | number, isOn: boolean): Promise<void> {
    const params = { path: { slug, kind, target: String(id) } };
    const path = "/api/playlists/{slug}/blocked/{kind}/{target}";
    await bodyOf(isOn ? client.PUT(path, { params }) : client.DELETE(path, { params }));
  },

  /** Lines by their time; null where the track's file brings none. */
  async lyrics(trackId: string, signal: AbortSignal) {
    const request = client.GET("/api/tracks/{track_id}/lyrics", { params: { path: { track_id: trackId } }, signal });
    return bodyOf(request).then(
      ({ lines }) => lines,
      (error: unknown) => {
        if (error instanceof RestError && error.code === "NOT_FOUND") return null;
        throw error;
      },
    );
  },

  /** How much there is, and how far the scan is. */
  library: (signal: AbortSignal) => bodyOf(client.GET("/api/library", { signal })),

  /** A page of the library's tracks. */
  tracks: (filters: TrackFilters, cursor: string | null, signal: AbortSignal, limit = PAGE) =>
    pageOf(client.GET("/api/tracks", { params: { query: queryOf({ ...filters, cursor, limit }) }, signal })),

  albums: (filters: { search?: string; artist_id?: number }, cursor: string | null, signal: AbortSignal) =>
    pageOf(client.GET("/api/albums", { params: { query: queryOf({ ...filters, cursor, limit: PAGE }) }, signal })),

  artists: (search: string, cursor: string | null, signal: AbortSignal) =>
    pageOf(client.GET("/api/artists", { params: { query: queryOf({ search, cursor, limit: PAGE }) }, signal })),

  /** The songs of an album, as it has them. */
  albumTracks: (album_id: number, signal: AbortSignal) =>
    allPages((cursor) => rest.tracks({ album_id, sort: "album" }, cursor, signal, LONG_PAGE)),

  /** What this person likes, newest first. */
  favorites: (signal: AbortSignal) =>
    allPages((cursor) =>
      pageOf(client.GET("/api/favorites", { params: { query: queryOf({ cursor, limit: LONG_PAGE }) }, signal })),
    ),

  async setFavorite(track_id: string, isOn: boolean): Promise<void> {
    const params = { path: { track_id } };
    await bodyOf(isOn ? client.PUT("/api/favorites/{track_id}", { params }) : client.DELETE("/api/favorites/{track_id}", { params }));
  },
};

/** Rows, and where the next ones begin. */
export interface Page<T> {
  rows: T[];
  next: string | null;
}

async function pageOf<T>(request: Promise<Answer<T[]>>): Promise<Page<T>> {
  const rows = await bodyOf(request);
  return { rows, next: nextIn((await request).response.headers.get("Link"), "cursor") };
}

async function allPages<T>(page: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const found: Page<T> = await page(cursor);
    rows.push(...found.rows);
    cursor = found.next;
  } while (cursor !== null);
  return rows;
}
