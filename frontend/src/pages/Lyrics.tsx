// Timed lyrics on the wall: the line that is sung, and the one that comes.
import { useQuery } from "@tanstack/react-query";
import { hasSound } from "../player/plan";
import { usePlan } from "../player/usePlan";
import { rest } from "../protocol/rest";
import type { Item } from "../protocol/types";
import { useRoom } from "../room/hooks";
import styles from "./Lyrics.module.css";

export function Lyrics({ item }: { item: Item }) {
  const room = useRoom();
  const [entry] = usePlan(250);
  const { data: lines } = useQuery({
    queryKey: ["lyrics", item.track_id, item.track.audio_version],
    queryFn: ({ signal }) => rest.lyrics(item.track_id, signal),
    enabled: hasSound(item.track),
    staleTime: Infinity,
  });
  if (!lines || entry?.item.id !== item.id) return null;
  const now = room.clock.nowMs() - entry.startsAtMs;
  const next = lines.findIndex(({ at_ms }) => at_ms > now);
  const sung = lines[(next < 0 ? lines.length : next) - 1];
  return (
    <div className={styles.lyrics} dir="auto">
      <p>{sung?.text ?? ""}</p>
      <p className={styles.next}>{lines[next]?.text ?? ""}</p>
    </div>
  );
}
