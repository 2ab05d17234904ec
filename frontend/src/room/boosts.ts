// The songs that this browser has brought to the front within the last hour. The server counts them, too, and tells only
// how many are allowed.
import { createStore, type StoreApi } from "zustand/vanilla";

import type { Refusal } from "../protocol/types";

const HOUR_MS = 3_600_000;

export interface Boost {
  readonly op_id: string;
  /** On the server's clock. */
  readonly at_ms: number;
}

export class Boosts {
  readonly store: StoreApi<readonly Boost[]>;
  private readonly key: string;

  constructor(
    slug: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem"> | null,
  ) {
    this.key = `playlist-boosts/${slug}`;
    this.store = createStore<readonly Boost[]>(() => this.stored());
  }

  add(op_id: string, at_ms: number): void {
    this.keep([...this.store.getState(), { op_id, at_ms }]);
  }

  /** The boost was refused, so it was none. All that are allowed may have been spent in another browser. */
  refused(op_id: string, { code, details }: Refusal, allowed: number): void {
    const boosts = this.store.getState().filter((boost) => boost.op_id !== op_id);
    const at_ms = Date.parse(String(details.next_at)) - HOUR_MS;
    if (code === "NO_BOOSTS_LEFT" && at_ms > 0) while (boosts.length < allowed) boosts.push({ op_id: "", at_ms });
    this.keep(boosts);
  }

  private keep(boosts: readonly Boost[]): void {
    const newest = Math.max(0, ...boosts.map(({ at_ms }) => at_ms));
    const kept = boosts.filter(({ at_ms }) => at_ms > newest - HOUR_MS);
    this.store.setState(kept, true);
    try {
      this.storage?.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Full or forbidden: they are known until the page is left.
    }
  }

  private stored(): Boost[] {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.key) ?? "[]");
      return Array.isArray(value) ? (value as Boost[]) : [];
    } catch {
      return [];
    }
  }
}

/** How many are left of those that an hour allows. */
export function boostsLeft(boosts: readonly Boost[], allowed: number, nowMs: number): number {
  return Math.max(0, allowed - boosts.filter(({ at_ms }) => at_ms > nowMs - HOUR_MS).length);
}

/** When the next one is left. */
export const nextBoostMs = (boosts: readonly Boost[]): number => Math.min(...boosts.map(({ at_ms }) => at_ms)) + HOUR_MS;
