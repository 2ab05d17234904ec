// Files on their way to the server, one after the other. They belong to the room's page, not to the library, which comes and
// goes: on a phone it is a sheet.
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { rest, RestError } from "../protocol/rest";
import type { Track } from "../protocol/types";

export type UploadState =
  | { kind: "waiting" }
  /** From 0 to 1; then the server reads the file. */
  | { kind: "sending"; part: number }
  | { kind: "done"; track: Track }
  | { kind: "failed"; error: unknown };

export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState;
}

const BYTES_PER_MB = 1024 * 1024;

export interface Uploads {
  uploads: readonly Upload[];
  /** Larger files than `limitMb` are refused without being sent. */
  add: (files: Iterable<File>) => void;
  /** Send a file no further, or not at all. */
  cancel: (id: number) => void;
  /** Forget those that are over. */
  clear: () => void;
}

export const UploadsContext = createContext<Uploads | null>(null);

/** The page's uploads. */
export function useUploading(): Uploads {
  const uploads = useContext(UploadsContext);
  if (uploads === null) throw new Error("There is no UploadsContext");
  return uploads;
}

export function useUploads(limitMb: number): Uploads {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const queries = useQueryClient();
  const lastId = useRef(0);
  const sending = useRef<{ id: number; abort: AbortController } | null>(null);
  const change = useCallback((id: number, state: UploadState) => {
    setUploads((all) => all.map((each) => (each.id === id ? { ...each, state } : each)));
  }, []);
  const next = uploads.find(({ state }) => state.kind === "waiting");
  useEffect(() => {
    if (next === undefined || sending.current !== null) return;
    const abort = new AbortController();
    sending.current = { id: next.id, abort };
    rest
      .upload(next.file, (part) => change(next.id, { kind: "sending", part }), abort.signal)
      .then((track) => {
        change(next.id, { kind: "done", track });
        return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "participants" });
      })
      .catch((error: unknown) => change(next.id, { kind: "failed", error }))
      .finally(() => {
        sending.current = null;
        setUploads((all) => [...all]); // the next one's turn
      });
  }, [next, uploads, change, queries]);
  const add = useCallback(
    (files: Iterable<File>) => {
      const added = [...files].map((file): Upload => {
        const isTooLarge = file.size > limitMb * BYTES_PER_MB;
        const error = new RestError("TOO_LARGE", "This file is too large.", { limit_mb: limitMb });
        return { id: ++lastId.current, file, state: isTooLarge ? { kind: "failed", error } : { kind: "waiting" } };
      });
      setUploads((all) => [...all, ...added]);
    },
    [limitMb],
  );
  const cancel = useCallback((id: number) => {
    if (sending.current?.id === id) sending.current.abort.abort();
    setUploads((all) => all.filter((each) => each.id !== id));
  }, []);
  const clear = useCallback(() => {
    setUploads((all) => all.filter(({ state }) => state.kind === "waiting" || state.kind === "sending"));
  }, []);
  return { uploads, add, cancel, clear };
}
