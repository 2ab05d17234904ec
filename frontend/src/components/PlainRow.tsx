// A song in a list that is read from top to bottom: cover, title, a line below, and what stands at the end.
import type { ReactNode } from "react";
import type { Track } from "../protocol/types";
import { Cover } from "./Cover";
import styles from "./PlainRow.module.css";
import { TwoLines } from "./TwoLines";

interface PlainRowProps {
  track: Track;
  /** What is said behind the artist. */
  about: ReactNode;
  isPlaying?: boolean;
  children: ReactNode;
}

export function PlainRow({ track, about, isPlaying = false, children }: PlainRowProps) {
  return (
    <li className={styles.row} aria-current={isPlaying ? "true" : undefined}>
      <Cover track={track} size={96} className={styles.picture ?? ""} />
      <TwoLines title={track.title}>
        <span className="ellipsis">
          <bdi>{track.artist}</bdi> · {about}
        </span>
      </TwoLines>
      {children}
    </li>
  );
}
