// The log page after page, backwards; while it is looked at, what happens is put in front.
import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { rest } from "../protocol/rest";
import type { Kind } from "../protocol/types";
import { useRoom, useView } from "../room/hooks";
import { changesOlder, withNewest, type Page } from "./entries";

/** With votes pouring in, the newest page is read this often. */
const LOOK_EVERY_MS = 1_000;

export interface Filters {
  person: number | null;
  type: Kind | null;
}

export function useActivity(filters: Filters) {
  const { slug } = useRoom();
  const queries = useQueryClient();
  const { person, type } = filters;
  const key = useMemo(() => ["activity", slug, person, type], [slug, person, type]);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => rest.activity(slug, { person, type, before: pageParam }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last: Page) => last.next,
    staleTime: Infinity,
    gcTime: 0,
  });
  const { refetch, isSuccess } = query;
  useNewRevisions(isSuccess, async () => {
    const newest = await rest.activity(slug, { person, type, before: null });
    const known = queries.getQueryData<InfiniteData<Page, number | null>>(key);
    if (known === undefined) return;
    const pages = withNewest(known.pages, newest);
    queries.setQueryData(key, { pages, pageParams: pages.map((_, index) => (index === 0 ? null : (pages[index - 1]?.next ?? null))) });
    if (changesOlder(pages)) await refetch();
  });
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  return { entries, query };
}

/** Calls `look` when the log has grown, at once after a quiet while, and not more often than LOOK_EVERY_MS. */
function useNewRevisions(isOn: boolean, look: () => Promise<void>): void {
  const revision = useView((view) => view.confirmed?.revision ?? 0);
  const latest = useRef(look);
  const seen = useRef<number | null>(null);
  const lastAt = useRef(-Infinity);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    seen.current ??= revision;
    if (!isOn || seen.current === revision) return undefined;
    const timer = setTimeout(() => {
      seen.current = revision;
      lastAt.current = performance.now();
      // One that fails is made up for by the next.
      latest.current().catch(() => undefined);
    }, Math.max(0, lastAt.current + LOOK_EVERY_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [isOn, revision]);
}
