// Suggests a friendly name, and remembers the one that this device used.
const FIRST = ["Amber", "Brave", "Calm", "Dancing", "Eager", "Funky", "Gentle", "Happy", "Jolly", "Lucky", "Mellow", "Quick", "Sunny", "Velvet"];
const LAST = ["Badger", "Cricket", "Dolphin", "Falcon", "Fox", "Heron", "Koala", "Lynx", "Otter", "Panda", "Robin", "Seal", "Tiger", "Wren"];

const one = (words: readonly string[]) => words[Math.floor(Math.random() * words.length)] ?? "";

export const randomName = () => `${one(FIRST)} ${one(LAST)}`;

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
