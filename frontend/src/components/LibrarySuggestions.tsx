// Songs that would fit what is queued here, each with its reason. The list stays as it is until the next song starts.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronRight, Sparkles } from "lucide-react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Recommendation } from "../protocol/types";
import { useLists, useRoom, useView } from "../room/hooks";
import styles from "./Library.module.css";
import { useLibrary } from "./libraryContext";
import { LibraryHead } from "./LibraryHead";
import { LibraryList, whole } from "./LibraryList";
import { useSongRow } from "./LibrarySong";

export function SuggestionsButton() {
  const { t } = useTranslation();
  const { open } = useLibrary();
  return (
    <button type="button" className={`button ${styles.suggestions}`} onClick={() => open({ kind: "suggestions" })}>
      <Sparkles size={18} aria-hidden="true" />
      {t("library.suggestions")}
      <ChevronRight size={18} aria-hidden="true" />
    </button>
  );
}

export function LibrarySuggestions() {
  const { t } = useTranslation();
  const { slug } = useRoom();
  const playing = useView((view) => view.state?.playback.item_id ?? null);
  const query = useQuery({
    queryKey: ["recommendations", slug, playing],
    queryFn: ({ signal }) => rest.recommendations(slug, signal),
    placeholderData: keepPreviousData,
    refetchOnMount: "always",
  });
  const because = useReasons(query.data ?? []);
  return (
    <>
      <LibraryHead title={t("library.suggestions")} />
      <LibraryList
        name="suggestions"
        label={t("library.suggestions")}
        rows={query.data?.map(({ track }) => track) ?? []}
        loading={whole(query)}
        nothing={t("library.noSuggestions")}
        keyOf={(track) => track.id}
      >
        {useSongRow({ note: (track) => because.get(track.id) })}
      </LibraryList>
    </>
  );
}

/** Why each song is suggested, by its track's id; nothing where the song that led to it is gone from the queue. */
function useReasons(found: readonly Recommendation[]): ReadonlyMap<string, string> {
  const { t } = useTranslation();
  const { queue, played } = useLists();
  const titles = new Map([...queue, ...played].map(({ track }) => [track.id, track.title]));
  const reasons = new Map<string, string>();
  for (const { track, because } of found) {
    const title = titles.get(because.track_id ?? "");
    if (because.kind === "favorite") reasons.set(track.id, t("library.because.favorite"));
    else if (title !== undefined) reasons.set(track.id, t(`library.because.${because.kind}`, { title }));
  }
  return reasons;
}
