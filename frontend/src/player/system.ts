// What the system around the page does for a speaker, or to it.

/** Keeps the screen on, where the browser can: a phone that sleeps may stop sounding. */
export class WakeLock {
  private lock: WakeLockSentinel | null = null;
  private isWanted = false;

  async take(): Promise<void> {
    this.isWanted = true;
    document.addEventListener("visibilitychange", this.again);
    try {
      if ("wakeLock" in navigator) this.lock = await navigator.wakeLock.request("screen");
      if (this.isGone()) this.release();
    } catch {
      // A device that saves its battery.
    }
  }

  release(): void {
    this.isWanted = false;
    document.removeEventListener("visibilitychange", this.again);
    void this.lock?.release();
    this.lock = null;
  }

  private isGone(): boolean {
    return !this.isWanted;
  }

  /** It is lost with the page's being hidden. */
  private readonly again = (): void => {
    if (document.visibilityState === "visible" && this.isWanted) void this.take();
  };
}

async function outputs(): Promise<number> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "audiooutput").length;
}

/** Whether the browser tells of devices; only in a secure context. */
export const canSeeOutputs = () => "mediaDevices" in navigator;

/** Calls `act` when an output is gone: headphones were unplugged. Returns what ends that. */
export function onOutputLost(act: () => void): () => void {
  if (!canSeeOutputs()) return () => undefined;
  let count: Promise<number> = outputs();
  const look = async () => {
    const before = await count.catch(() => 0);
    count = outputs();
    if ((await count.catch(() => before)) < before) act();
  };
  const changed = () => void look();
  navigator.mediaDevices.addEventListener("devicechange", changed);
  return () => navigator.mediaDevices.removeEventListener("devicechange", changed);
}
