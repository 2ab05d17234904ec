// The server's own names, which it gives where there is nobody to ask for one.
import type { TFunction } from "i18next";

/** A name as this page says it. */
export function sayName(t: TFunction, name: string): string {
  if (name === "Anonymous") return t("queue.anonymous"); // added it without an identity
  if (name === "Somebody") return t("log.somebody"); // wished to be forgotten
  return name;
}
