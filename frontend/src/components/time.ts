// Durations and times of day as people read them.
import type { TFunction } from "i18next";

/** 83 → "1:23"; 3700 → "1:01:40". */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${hours > 0 ? String(minutes).padStart(2, "0") : minutes}:${String(rest).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** 5400 → "1 h 30 min". */
export function roughTime(t: TFunction, seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? t("duration.minutes", { minutes })
    : t("duration.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

const SOON_MINUTES = 30;

/** When something will happen, by the minute: "in 12 min", and later than that "about 22:41". */
export function timeUntil(t: TFunction, atMs: number, nowMs: number): string {
  const minutes = Math.round((atMs - nowMs) / 60_000);
  if (minutes < 1) return t("duration.now");
  return minutes < SOON_MINUTES ? t("duration.in", { minutes }) : t("duration.about", { time: timeOfDay(new Date(atMs).toISOString()) });
}

const TIME_OF_DAY = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** As the browser's region writes it, which says more than the language of our texts. */
export function timeOfDay(iso: string): string {
  return TIME_OF_DAY.format(new Date(iso));
}

const TIME_AND_DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", hour: "numeric", minute: "2-digit" });
const SAME_NIGHT_MS = 18 * 3_600_000;

/** A moment to come: the time of day, from tomorrow night on with its weekday. */
export function timeOrDay(iso: string): string {
  const isFar = Date.parse(iso) - Date.now() > SAME_NIGHT_MS;
  return (isFar ? TIME_AND_DAY : TIME_OF_DAY).format(new Date(iso));
}
