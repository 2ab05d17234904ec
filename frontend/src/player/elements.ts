// The engine for what the other one cannot do: two media elements, one that sounds and one that is ready for the next
// song. Their start is aimed, and their pace is steered by what they say of their position: ±30 ms.
import { Deck, type Media } from "./deck";
import { shifted, type Cue, type Engine, type EngineEvents, type Times } from "./engine";

const PRELOAD_AFTER_MS = 3_000;
/** The next song is put on its mark so long before its time. */
const AIM_AHEAD_MS = 1_500;

export class Elements implements Engine {
  private readonly decks: readonly [Deck, Deck];
  private cues: readonly Cue[] = [];

  constructor(
    private readonly times: Times,
    events: EngineEvents,
    makeElement: () => Media = () => new Audio(),
    now: () => number = () => performance.now(),
  ) {
    const deck = () => new Deck(makeElement(), times, events, now);
    this.decks = [deck(), deck()];
  }

  follow(cues: readonly Cue[]): void {
    this.cues = cues;
    for (const deck of this.decks) {
      const cue = cues.find((one) => deck.holds(one));
      if (cue) deck.follow(cue);
      else deck.stop();
    }
    this.tick();
  }

  tick(): void {
    const now = this.times.nowMs();
    const current = this.cues.find((cue) => cue.heardFromMs <= now + AIM_AHEAD_MS && now < cue.endsAtMs);
    if (current) this.deckFor(current)?.play(current, current.heardFromMs > now);
    const next = this.cues.find((cue) => cue !== current && cue.startsAtMs > now);
    const hasBegun = current === undefined || now > current.heardFromMs + PRELOAD_AFTER_MS;
    if (next && hasBegun) {
      const deck = this.deckFor(next);
      if (next.startsAtMs - now < AIM_AHEAD_MS) deck?.play(next, true);
      else deck?.load(next);
    }
    for (const deck of this.decks) deck.tick();
  }

  shift(ms: number): void {
    this.cues = this.cues.map((cue) => shifted(cue, ms));
    for (const deck of this.decks) if (deck.cue) deck.cue = shifted(deck.cue, ms);
  }

  setLevel(level: number): void {
    for (const deck of this.decks) deck.setLevel(level);
  }

  setDelay(ms: number): void {
    for (const deck of this.decks) deck.delayMs = ms;
  }

  get heard() {
    return this.decks.map((deck) => deck.heard).find((heard) => heard !== null) ?? null;
  }

  /** Within a tap: what an element plays first has to follow one, in some browsers. */
  unlock(): void {
    for (const deck of this.decks) deck.unlock();
  }

  close(): void {
    this.cues = [];
    for (const deck of this.decks) deck.stop();
  }

  /** The deck that has this, else one with nothing to do. */
  private deckFor(cue: Cue): Deck | null {
    return this.decks.find((deck) => deck.holds(cue)) ?? this.decks.find((deck) => !deck.isNeeded(this.cues)) ?? null;
  }
}
