// What pages have read of a room's past and people, when that past became another one.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useRoom, useView } from "./hooks";

/**
 * Reads anew what was read of this room over REST: no event tells of a backup that was restored, or of somebody who was
 * forgotten and whose name must not stay in an open list.
 */
export function usePastAnew(): void {
  const { slug } = useRoom();
  const queries = useQueryClient();
  const rewrites = useView((view) => view.rewrites);
  useEffect(() => {
    if (rewrites > 0) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === slug });
  }, [queries, rewrites, slug]);
}
