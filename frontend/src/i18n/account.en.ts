// Accounts: only those who bring music into the library need one.
export const account = {
  toUpload: "Upload with an account",
  title: "Upload music",
  open: "Music is uploaded with an account on this server. A new one keeps your name, your votes and your rooms.",
  given: "Music is uploaded with an account on this server. Those who run it make accounts.",
  close: "Close uploading",
  username: "Username",
  password: "Password",
  make: "Make an account",
  signIn: "Sign in",
  haveOne: "I have an account",
  haveNone: "I have none yet",
  wrong: "The username or the password is wrong.",
  refused: {
    username: "Take another username: this one is taken, or it has more in it than letters, digits and @ . + - _",
    password: "Take another password: at least 8 characters, none that many people use, and none that is like your name.",
  },
};
