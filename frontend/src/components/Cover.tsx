// A track's cover, or a drawn one that is always the same for the same album.
import { useState } from "react";
import { boot } from "../boot";
import type { Track } from "../protocol/types";
import styles from "./Cover.module.css";

interface CoverProps {
  track: Pick<Track, "cover_url" | "title" | "artist" | "album">;
  className?: string;
  /** Pixels, of the sizes that the server keeps of its own covers. */
  size?: 96 | 320;
}

export function Cover({ track, className = "", size = 320 }: CoverProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const classes = `${styles.cover} ${className}`;
  const address = track.cover_url;
  if (address && address !== broken && mayShow(address)) {
    const sized = address.startsWith("/media/covers/") ? `${address}?size=${size}` : address;
    return <img className={classes} src={sized} alt="" loading="lazy" decoding="async" onError={() => setBroken(address)} />;
  }
  return <DrawnCover seed={track.album ? `${track.album}/${track.artist}` : `${track.title}/${track.artist}`} className={classes} />;
}

/** The page's policy lets no other pictures in, and the browser would complain. */
function mayShow(address: string): boolean {
  try {
    const { origin } = new URL(address, location.origin);
    return origin === location.origin || boot.cover_origins.includes(origin);
  } catch {
    return false; // the library may hold addresses that no browser can read
  }
}

const SHAPES = [
  "M0 64 Q32 20 64 64 Z",
  "M12 52 A20 20 0 1 1 52 52 Z",
  "M0 0 H64 L0 64 Z",
  "M32 8 L56 32 L32 56 L8 32 Z",
  "M0 40 Q16 24 32 40 T64 40 V64 H0 Z",
  "M32 12 A20 20 0 1 0 32.1 12 M32 26 A6 6 0 1 1 31.9 26",
];

function DrawnCover({ seed, className }: { seed: string; className: string }) {
  const number = hash(seed);
  const hue = number % 360;
  const other = (hue + 25 + ((number >>> 9) % 40)) % 360;
  const shape = SHAPES[(number >>> 16) % SHAPES.length];
  const turn = ((number >>> 20) % 4) * 90;
  return (
    <svg className={className} viewBox="0 0 64 64" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <rect width="64" height="64" fill={`hsl(${hue} 38% 28%)`} />
      <path d={shape} fill={`hsl(${other} 52% 55%)`} fillRule="evenodd" transform={`rotate(${turn} 32 32)`} />
      <circle cx={16 + ((number >>> 4) % 32)} cy={16 + ((number >>> 12) % 32)} r="7" fill={`hsl(${(other + 40) % 360} 75% 80%)`} opacity="0.9" />
    </svg>
  );
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
