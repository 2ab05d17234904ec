// What this person likes, on all their devices. A heart shows at once and is taken back if the server refuses.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { rest } from "../protocol/rest";
import type { Track } from "../protocol/types";
import { useView } from "../room/hooks";
import { useNotify } from "./notices";
import { sayError } from "./refusals";

const KEY = ["liked"] as const;
/** Another device may like something meanwhile. */
const REFRESH_MS = 30_000;

interface Favorites {
  /** Null for somebody without an identity, who cannot like anything. */
  liked: ReadonlySet<string> | null;
  toggle: (track: Track) => void;
}

export function useFavorites(): Favorites {
  const { t } = useTranslation();
  const notify = useNotify();
  const queries = useQueryClient();
  const isKnown = useView((view) => view.you !== null && view.you.id !== null);
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => allFavorites(signal),
    enabled: isKnown,
    refetchInterval: REFRESH_MS,
    refetchOnWindowFocus: "always",
  });
  const { mutate } = useMutation({
    mutationFn: ({ track, isLiked }: { track: Track; isLiked: boolean }) => (isLiked ? rest.unlike(track.id) : rest.like(track.id)),
    onMutate: async ({ track, isLiked }) => {
      await queries.cancelQueries({ queryKey: KEY });
      queries.setQueryData<string[]>(KEY, (ids = []) => (isLiked ? ids.filter((id) => id !== track.id) : [track.id, ...ids]));
    },
    onError: (error) => notify(sayError(t, error)),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: KEY });
      void queries.invalidateQueries({ queryKey: ["tracks", "favorites"] });
    },
  });
  const liked = useMemo(() => (isKnown ? new Set(data) : null), [isKnown, data]);
  const toggle = useCallback((track: Track) => mutate({ track, isLiked: liked?.has(track.id) ?? false }), [mutate, liked]);
  return { liked, toggle };
}

/** The ids of all of them, newest first. */
async function allFavorites(signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await rest.favorites(cursor, signal);
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null);
  return ids;
}
