// How far the scan of the music folders is, while one runs. What it finds appears in the lists by itself.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import styles from "./Library.module.css";

const WHILE_SCANNING_MS = 4_000;
const OTHERWISE_MS = 60_000;

export function ScanProgress() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: ["library"],
    queryFn: ({ signal }) => rest.library(signal),
    refetchInterval: ({ state }) => (state.data?.scan.state === "scanning" ? WHILE_SCANNING_MS : OTHERWISE_MS),
  });
  const count = data?.tracks;
  useEffect(() => {
    if (count === undefined) return;
    for (const list of ["tracks", "albums", "artists", "genres"]) void queries.invalidateQueries({ queryKey: [list] });
  }, [queries, count]);
  if (data?.scan.state !== "scanning") return null;
  const { done, found } = data.scan;
  return (
    <div className={styles.scan}>
      <progress aria-label={t("library.scan")} max={Math.max(found, 1)} value={done} />
      <span className={styles.muted}>{t("library.scanned", { done, found })}</span>
    </div>
  );
}
