// The secrets of links. They stand in the fragment, which browsers send to no server, and leave the address once used.
const SECRET = /^#(host|display)=([\w-]{1,128})$/;
const found = SECRET.exec(location.hash);

// A link that is pasted over the address of this very room loads nothing by itself.
window.addEventListener("hashchange", () => {
  if (SECRET.test(location.hash)) location.reload();
});

/** The secret that this page was opened with. */
export function secretIn(name: "host" | "display"): string | null {
  return found?.[1] === name ? (found[2] ?? null) : null;
}

export function forgetSecret(): void {
  history.replaceState(history.state, "", location.pathname + location.search);
}
