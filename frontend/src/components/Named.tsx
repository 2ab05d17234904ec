// A sentence with a name or a title in it, which keeps its own direction: an Arabic name does not turn the sentence
// around, and an English sentence does not put the name's full stop on the wrong side.

/** Stands for the name while the sentence is made. */
const PLACE = "\uFFFC";

export function Named({ name, text }: { name: string; text: (name: string) => string }) {
  const [before, after] = text(PLACE).split(PLACE);
  return (
    <>
      {before}
      <bdi>{name}</bdi>
      {after}
    </>
  );
}

/** The same in plain text, where there can be no element: between U+2068 and U+2069. */
export const isolated = (name: string) => `\u2068${name}\u2069`;
