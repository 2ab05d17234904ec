// A title and a line below it, as the rows of lists have them beside a picture.
import type { ReactNode } from "react";
import styles from "./TwoLines.module.css";

interface TwoLinesProps {
  title: string;
  /** What stands behind the title. */
  extra?: ReactNode;
  /** The line below. */
  children: ReactNode;
}

export function TwoLines({ title, extra, children }: TwoLinesProps) {
  return (
    <div className={styles.text}>
      <p dir="auto" className={`ellipsis ${styles.title} ${extra ? "" : styles.long}`}>
        {title}
        {extra}
      </p>
      <p className={styles.below}>{children}</p>
    </div>
  );
}
