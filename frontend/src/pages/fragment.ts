// The secrets of links. They stand in the fragment, which browsers send to no server, and leave the address once used.
const found = /^#(host|display)=([\w-]{1,128})$/.exec(location.hash);

/** The secret that this page was opened with. */
export function secretIn(name: "host" | "display"): string | null {
  return found?.[1] === name ? (found[2] ?? null) : null;
}

export function forgetSecret(): void {
  history.replaceState(history.state, "", location.pathname + location.search);
}
