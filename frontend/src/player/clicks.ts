// A click at each full second of the server's clock: two devices that click together sound together.
const EVERY_MS = 1_000;
const AHEAD_MS = 1_500;
const CLICK_S = 0.012;

export class Clicks {
  isOn = false;
  private lastMs = 0;

  constructor(
    private readonly context: AudioContext,
    private readonly out: AudioNode,
  ) {}

  /** `placeOf`: the context's time for a moment of the server's clock. */
  fill(now: number, placeOf: (serverMs: number) => number | null): void {
    if (!this.isOn) return;
    const first = Math.max(this.lastMs + EVERY_MS, Math.ceil((now + 100) / EVERY_MS) * EVERY_MS);
    for (let at = first; at < now + AHEAD_MS; at += EVERY_MS) {
      const place = placeOf(at);
      if (place === null || place < this.context.currentTime) continue;
      this.lastMs = at;
      this.click(place);
    }
  }

  private click(place: number): void {
    const tone = this.context.createOscillator();
    const gain = this.context.createGain();
    tone.frequency.value = 1_500;
    gain.gain.setValueAtTime(0.6, place);
    gain.gain.exponentialRampToValueAtTime(0.001, place + CLICK_S);
    tone.connect(gain).connect(this.out);
    tone.start(place);
    tone.stop(place + CLICK_S);
    tone.onended = () => gain.disconnect();
  }
}
