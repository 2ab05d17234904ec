// What this person likes. A heart changes at once, and goes back with a sentence if the server refuses.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Track } from "../protocol/types";
import { useView } from "../room/hooks";
import { useNotify } from "./notices";
import { sayError } from "./refusals";

const KEY = ["favorites"];
const NONE: ReadonlySet<string> = new Set();

export function useFavoritesQuery(options: { staleTime?: number } = {}) {
  const isSomebody = useView((view) => typeof view.you?.id === "number");
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => rest.favorites(signal),
    enabled: isSomebody,
    refetchOnWindowFocus: "always", // the person may have another device
    ...options,
  });
}

interface Favorites {
  ids: ReadonlySet<string>;
  /** Null for nobody in particular, for whom the server keeps none. */
  toggle: ((track: Track, isOn: boolean) => void) | null;
}

export function useFavorites(): Favorites {
  const { t } = useTranslation();
  const isSomebody = useView((view) => typeof view.you?.id === "number");
  const { data } = useFavoritesQuery();
  const queries = useQueryClient();
  const notify = useNotify();
  const show = (track: Track, isOn: boolean) =>
    queries.setQueryData<Track[]>(KEY, (tracks) => {
      const others = tracks?.filter((other) => other.id !== track.id);
      return isOn && others ? [track, ...others] : others;
    });
  const { mutate } = useMutation({
    scope: { id: "favorites" }, // one after the other, so that the last press of a heart counts
    networkMode: "always",
    mutationFn: ({ track, isOn }: { track: Track; isOn: boolean }) => rest.setFavorite(track.id, isOn),
    onMutate: async ({ track, isOn }) => {
      await queries.cancelQueries({ queryKey: KEY });
      show(track, isOn);
    },
    onError: (error, { track, isOn }) => {
      show(track, !isOn);
      notify(t("refused.about", { title: track.title, why: sayError(t, error) }));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY, refetchType: data === undefined ? "active" : "none" }),
  });
  const toggle = useMemo(() => (isSomebody ? (track: Track, isOn: boolean) => mutate({ track, isOn }) : null), [isSomebody, mutate]);
  const ids = useMemo(() => (data ? new Set(data.map((track) => track.id)) : NONE), [data]);
  return { ids, toggle };
}
