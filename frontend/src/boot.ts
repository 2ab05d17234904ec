// The data that the server wrote into the page: this person, and this room.
export interface Boot {
  user: { id: number; username: string | null; name: string } | null;
  room: BootRoom | null;
  cover_origins: string[];
  /** The cookie whose value goes into X-CSRFToken; its name differs by installation. */
  csrf_cookie: string;
  /** The size of the largest file that this person may upload; null if they may not. */
  upload_limit_mb: number | null;
  /** Where they lack but an account for it: whether anybody may make one, or the operators give them. */
  upload_account: "open" | "given" | null;
}

export interface BootRoom {
  slug: string;
  name: string;
  locked: boolean;
  entry: "open" | "join" | "banned";
  public: boolean;
  /** Whether this browser shows the room by a wall link that holds. */
  wall: boolean;
}

/** The page's own room as the server would open it now; null where there is none any more. */
export async function roomNow(signal: AbortSignal): Promise<BootRoom | null> {
  const answer = await fetch(location.pathname, { signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return (JSON.parse(page.getElementById("boot")?.textContent ?? "null") as Boot | null)?.room ?? null;
}

export const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "null") as Boot;
