// A sentence with somebody's name or a song's title in it. The name keeps its own direction: an Arabic one must not turn
// the sentence around, nor a German sentence put the name's full stop on the wrong side.

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
