// What this device remembers of itself as a speaker. None of it is the server's business, except the name.
export interface Device {
  /** 0–100, on top of the room's volume. */
  readonly volume: number;
  readonly isMuted: boolean;
  /** How late its loudspeaker sounds, in ms: it is given the music so much earlier. */
  readonly delayMs: number;
  /** As the others see it; "" until somebody gives it one. */
  readonly name: string;
}

const KEY = "speaker";
const FRESH: Device = { volume: 100, isMuted: false, delayMs: 0, name: "" };
export const DELAY_LIMIT_MS = 500;
export const DELAY_STEP_MS = 10;
export const NAME_LIMIT = 50;

const within = (value: unknown, least: number, most: number, otherwise: number) =>
  typeof value === "number" && Number.isFinite(value) ? Math.max(least, Math.min(most, value)) : otherwise;

export function readDevice(storage: Pick<Storage, "getItem"> | null): Device {
  try {
    const kept = JSON.parse(storage?.getItem(KEY) ?? "{}") as Record<string, unknown>;
    return {
      volume: within(kept.volume, 0, 100, FRESH.volume),
      isMuted: kept.isMuted === true,
      delayMs: within(kept.delayMs, -DELAY_LIMIT_MS, DELAY_LIMIT_MS, FRESH.delayMs),
      name: typeof kept.name === "string" ? kept.name.slice(0, NAME_LIMIT) : FRESH.name,
    };
  } catch {
    return FRESH;
  }
}

export function keepDevice(storage: Pick<Storage, "setItem"> | null, device: Device): void {
  try {
    storage?.setItem(KEY, JSON.stringify(device));
  } catch {
    // A browser that keeps nothing.
  }
}

/** What a slider of 0–100 multiplies samples by: half way sounds half as loud, by the square. */
export const loudness = (volume: number) => (volume / 100) ** 2;

/** What decibels multiply samples by. */
export const gainOf = (decibels: number | null) => 10 ** ((decibels ?? 0) / 20);
