// AAC as it comes in windows: a stream of frames, each with a header (ISO/IEC 13818-7, ADTS).
const FRAME_SAMPLES = 1024;

/** How many samples its frames decode to; null if this is something else. */
export function samplesOf(buffer: ArrayBuffer): number | null {
  const bytes = new Uint8Array(buffer);
  let frames = 0;
  for (let at = 0; at + 6 < bytes.length; frames++) {
    const [sync = 0, layer = 0, , length2 = 0, length1 = 0, length0 = 0] = bytes.subarray(at, at + 6);
    const length = ((length2 & 3) << 11) | (length1 << 3) | (length0 >> 5);
    if (sync !== 0xff || (layer & 0xf6) !== 0xf0 || length < 7) return null;
    at += length;
  }
  return frames > 0 ? frames * FRAME_SAMPLES : null;
}

/** Seconds that a decoder has left out at the beginning: Firefox takes the first frame of every stream for its delay. */
export function leftOutS(samples: number, rate: number, decodedS: number): number {
  return Math.max(0, Math.round((samples - decodedS * rate) / FRAME_SAMPLES) * FRAME_SAMPLES) / rate;
}
