// Suggests a friendly name, and remembers the one that this device used.
import i18next from "i18next";

const one = (words: string) => {
  const all = words.split(" ");
  return all[Math.floor(Math.random() * all.length)] ?? "";
};

/** In the language of the page. */
export const randomName = () => `${one(i18next.t("join.names.first"))} ${one(i18next.t("join.names.last"))}`;

const KEY = "playlist/name";

/** The name that this device used last, else a new one. */
export function likelyName(): string {
  try {
    return localStorage.getItem(KEY) ?? randomName();
  } catch {
    return randomName();
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // A browser that keeps nothing asks again.
  }
}
