import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import styles from "./Library.module.css";

export function LibraryGenres({ value, onChange }: { value: string; onChange: (genre: string) => void }) {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["genres"], queryFn: ({ signal }) => rest.genres(signal) });
  return (
    <select className={`field ${styles.genre}`} aria-label={t("library.genre")} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t("library.allGenres")}</option>
      {data?.map((genre) => (
        <option key={genre} dir="auto">
          {genre}
        </option>
      ))}
    </select>
  );
}
