// Wakes the page by its AudioContext. Timers of a hidden page come once a second, and once a minute when it has long been
// silent: a room that goes on would be heard seconds later. What ends on a context is told when it ends.
const EVERY_S = 0.1;

export class Beat {
  private source: ConstantSourceNode | null = null;

  constructor(
    private readonly context: AudioContext,
    private readonly isNeeded: () => boolean,
    private readonly act: () => void,
  ) {}

  /** To be called when it may be needed; it goes on until it is not. */
  start(): void {
    if (this.source !== null || !this.isNeeded()) return;
    const source = this.context.createConstantSource();
    source.offset.value = 0;
    // What leads nowhere is not rendered, and never ends.
    source.connect(this.context.destination);
    source.onended = () => {
      source.disconnect();
      this.source = null;
      this.act();
      this.start();
    };
    source.start();
    source.stop(this.context.currentTime + EVERY_S);
    this.source = source;
  }
}
