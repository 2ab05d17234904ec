// Where a song comes from: the name of the person that added it, or why the server did. The host has a mark, by which
// nobody else of that name is taken for them.
import { Crown } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Because, Item } from "../protocol/types";
import { useView } from "../room/hooks";
import type { RoomState } from "../room/state";
import styles from "./AddedBy.module.css";
import { Named } from "./Named";
import { sayName } from "./names";

/** `isShort`: for a line on a phone. */
export function AddedBy({ item, isShort = false }: { item: Item; isShort?: boolean }) {
  const { t } = useTranslation();
  const isHost = useView(({ state }) => item.adder !== null && item.adder === state?.playlist.host?.adder);
  if (item.because) return <ByTheServer because={item.because} artist={item.track.artist} />;
  return (
    <>
      {isHost && <Crown role="img" aria-label={t("people.host")} className={styles.host} />}
      <Named name={sayName(t, item.added_by)} text={(name) => t(isShort ? "queue.by" : "queue.addedBy", { name })} />
    </>
  );
}

function ByTheServer({ because: { kind, track_id }, artist }: { because: Because; artist: string }) {
  const { t } = useTranslation();
  const like = useView(({ state }) => titleOf(state, track_id));
  if (kind === "favorite") return <Named name={artist} text={(artist) => t("queue.because.favorite", { artist })} />;
  if (kind === "library" || like === null) return t(`queue.because.${kind}`);
  return <Named name={like} text={(title) => t("queue.because.similarTo", { title })} />;
}

/** The title of a track that was or is in the queue. */
function titleOf(state: RoomState | null, trackId: string | undefined): string | null {
  if (trackId === undefined) return null;
  for (const { track } of state?.items.values() ?? []) if (track.id === trackId) return track.title;
  return null;
}
