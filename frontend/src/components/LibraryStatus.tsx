// How much there is to choose from; while a scan runs, how far it is. What it has found appears when it ends.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import styles from "./LibraryStatus.module.css";

const SCAN_MS = 2_000;
/** The first parts of the keys of what a scan changes. */
const CHANGED = new Set<unknown>(["tracks", "albums", "artists", "genres", "favorites"]);

export function LibraryStatus() {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ["library"],
    queryFn: ({ signal }) => rest.library(signal),
    refetchInterval: ({ state }) => (state.data?.scan.state === "scanning" ? SCAN_MS : false),
    refetchOnMount: "always",
    refetchOnWindowFocus: true,
  });
  useRefreshAfterScan(data?.scan.state === "scanning" ? null : data?.scan.finished_at);
  if (data === undefined) return <div className={styles.status} />;
  const { scan, tracks, albums } = data;
  if (scan.state === "idle")
    return (
      <p className={styles.status}>
        {t("library.songs", { count: tracks })}
        {albums > 0 && ` · ${t("library.albums", { count: albums })}`}
      </p>
    );
  const number = (value: number) => value.toLocaleString(i18n.language);
  const isCounting = scan.found > 0;
  const text = isCounting ? t("library.scanText", { done: number(scan.done), found: number(scan.found) }) : t("library.scanStarts");
  return (
    <div className={styles.status}>
      <span
        role="progressbar"
        aria-label={t("library.scan")}
        aria-valuemin={0}
        aria-valuemax={isCounting ? scan.found : undefined}
        aria-valuenow={isCounting ? scan.done : undefined}
        aria-valuetext={text}
        className={styles.bar}
      >
        <span style={{ transform: `scaleX(${isCounting ? scan.done / scan.found : 0})` }} />
      </span>
      <span>{text}</span>
    </div>
  );
}

/** Ask anew for what is on show when a scan has ended since: `finished_at`, null while one runs. */
function useRefreshAfterScan(finished_at: string | null | undefined): void {
  const queries = useQueryClient();
  const known = useRef(finished_at);
  useEffect(() => {
    if (finished_at === undefined || finished_at === known.current) return;
    const isFirst = known.current === undefined;
    known.current = finished_at;
    if (!isFirst && finished_at !== null) void queries.invalidateQueries({ predicate: ({ queryKey }) => CHANGED.has(queryKey[0]) });
  }, [finished_at, queries]);
}
