// @vitest-environment node
// Random nights that the server's rules went through (tests/nights.py says how they are written): the client's agree.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Fair } from "../src/protocol/types";
import { BEGINNING, givenBack, started } from "../src/room/fair";
import { playingOrder, waits, type Ordered, type Placed } from "../src/room/order";

const file = process.env.NIGHTS ?? "../tests/contract/nights.json";
const nights = JSON.parse(readFileSync(file, "utf8")) as string[][];

type Song = { -readonly [Key in keyof Placed]: Placed[Key] } & { readonly id: string };

const at = (second: string) => new Date(Date.UTC(2026, 0, 1, 20) + 1000 * Number(second)).toISOString();

class Night {
  private readonly songs = new Map<string, Song>();
  private ordered: Ordered = { order: "manual", fair: null };

  stands(): string {
    const ids = playingOrder(this.songs.values(), this.ordered).map((song) => song.id);
    const { fair } = this.ordered;
    const turns = Object.entries(fair?.turns ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return `> ${ids.join("")} | ${fair === null ? "" : [fair.round, ...turns.map((turn) => turn.join(""))].join(" ")}`;
  }

  do(step: string): void {
    const [what, id = "", first = "", second = ""] = step.split(" ");
    const song = this.songs.get(id);
    if (what === "add") this.songs.set(id, added(id, first, Number(second)));
    else if (what === "remove") this.songs.delete(id);
    else if (what === "order") this.ordered = id === "fair" ? { order: "fair", fair: BEGINNING } : { order: id as "votes", fair: null };
    else if (!song) throw new Error(step);
    else if (what === "vote") song.votes = Number(first);
    else if (what === "boost") song.boosted_at = at(first);
    else if (what === "back") this.turn((fair) => givenBack(fair, song.adder));
    else if (what === "start") this.start(song, at(first));
  }

  private start(song: Song, played_at: string): void {
    for (const other of this.songs.values()) other.is_playing = false;
    Object.assign(song, { is_playing: true, played_at });
    const waiting = [...this.songs.values()].flatMap((other) => (waits(other) && other.adder !== null ? [other.adder] : []));
    this.turn((fair) => started(fair, song.adder, waiting));
  }

  private turn(next: (fair: Fair) => Fair): void {
    if (this.ordered.fair !== null) this.ordered = { order: "fair", fair: next(this.ordered.fair) };
  }
}

const added = (id: string, adder: string, position: number): Song => ({
  id,
  position,
  votes: 0,
  adder: adder === "-" ? null : adder,
  is_playing: false,
  played_at: null,
  boosted_at: null,
  because: adder === "-" ? { kind: "library" } : null,
});

it("every order of every night is the server's", () => {
  nights.forEach((lines, number) => {
    const night = new Night();
    for (let line = 0; line < lines.length; line += 2) {
      night.do(lines[line]!);
      if (night.stands() !== lines[line + 1]) expect(night.stands(), `night ${number}, ${lines[line]}`).toBe(lines[line + 1]);
    }
  });
});
