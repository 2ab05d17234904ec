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
