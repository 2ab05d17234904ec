// Konten: nur wer Musik in die Bibliothek bringt, braucht eines.
import type { account as english } from "./account.en";

export const account: typeof english = {
  toUpload: "Mit einem Konto hochladen",
  title: "Musik hochladen",
  open: "Musik wird mit einem Konto auf diesem Server hochgeladen. Ein neues behält deinen Namen, deine Stimmen und deine Räume.",
  given: "Musik wird mit einem Konto auf diesem Server hochgeladen. Konten vergibt, wer ihn betreibt.",
  close: "Hochladen schließen",
  username: "Benutzername",
  password: "Passwort",
  make: "Konto anlegen",
  signIn: "Anmelden",
  haveOne: "Ich habe ein Konto",
  haveNone: "Ich habe noch keines",
  wrong: "Benutzername oder Passwort sind falsch.",
  refused: {
    username: "Nimm einen anderen Benutzernamen: Dieser ist vergeben, oder er enthält mehr als Buchstaben, Ziffern und @ . + - _",
    password: "Nimm ein anderes Passwort: mindestens 8 Zeichen, keines, das viele benutzen, und keines, das deinem Namen ähnelt.",
  },
};
