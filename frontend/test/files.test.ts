// Files that the engine cannot have, cannot cut, or that end before their time.
import { describe, expect, it } from "vitest";
import { cue, refusal, windowAnswer } from "./audio";
import { events, heard, pass, rig, times, withEngine } from "./rig";

withEngine();

describe("a file that", () => {
  it("cannot be cut is decoded whole", async () => {
    rig.answer = (url) => Promise.resolve(url.includes("/window") ? refusal(409, "NOT_CUTTABLE") : new Response("/media/audio/one@-500"));
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(3_000);
    expect(rig.asked.filter((url) => !url.includes("/window"))).toEqual(["/media/audio/one"]);
    expect(heard().length).toBeGreaterThan(0);
    expect(events.failed).not.toHaveBeenCalled();
  });

  it.each([
    ["cannot be cut and is long", 600, () => refusal(409, "NOT_CUTTABLE"), "elsewhere"],
    ["does not decode", 180, () => new Response("broken"), "elsewhere"],
    ["is not there", 180, () => refusal(404, "NO_AUDIO"), "missing"],
    ["may not be heard", 180, () => refusal(401, "AUTH_REQUIRED"), "forbidden"],
  ])("%s is told of once", async (_, seconds, make, problem) => {
    const told = { "X-Window-Rate": "44100", "X-Window-Samples": "1", "X-Window-Skip": "0", "X-Window-From-Ms": "0" };
    rig.answer = () => {
      const response = make();
      if (response.ok) for (const [name, value] of Object.entries(told)) response.headers.set(name, value);
      return Promise.resolve(response);
    };
    const one = cue("one", times.nowMs(), seconds);
    rig.engine.follow([one]);
    await pass(3_000);
    expect(new Set(events.failed.mock.calls.map(([, what]) => what as string))).toEqual(new Set([problem]));
    expect(events.failed.mock.calls.length).toBeLessThanOrEqual(2); // two windows may be on their way
    expect(heard()).toEqual([]);
  });

  it("is refused for haste is asked for again when the server says", async () => {
    let refusals = 0;
    rig.answer = (url) => Promise.resolve(refusals++ < 2 ? refusal(429, "RATE_LIMITED", { "Retry-After": "2" }) : windowAnswer(url));
    rig.engine.follow([cue("one", times.nowMs())]);
    await pass(1_900);
    expect(rig.asked.length).toBe(2);
    await pass(2_000);
    expect(heard().length).toBeGreaterThan(0);
  });

  it("ends before its time is asked for once behind its end, and the next song is fetched", async () => {
    const isOver = (url: string) => url.startsWith("/media/audio/one/") && Number(new URL(url, "http://room").searchParams.get("from_ms")) >= 20_000;
    rig.answer = (url) => Promise.resolve(isOver(url) ? refusal(416, "RANGE_NOT_SATISFIABLE") : windowAnswer(url));
    const start = times.nowMs();
    rig.engine.follow([cue("one", start, 60), cue("two", start + 60_000)]);
    await pass(15_000);
    expect(rig.asked.filter(isOver)).toHaveLength(8);
    expect(rig.asked.some((url) => url.startsWith("/media/audio/two/"))).toBe(true);
  });

  it.each([50, 1_000])("ends in the middle of a window is silent from there, and the next song begins with its first sample (a tick each %i ms)", async (tickMs) => {
    rig.answer = (url) => {
      const [, from] = /one.*from_ms=(\d+)/.exec(url) ?? [];
      if (from === undefined) return Promise.resolve(windowAnswer(url));
      if (Number(from) >= 12_300) return Promise.resolve(refusal(416, "RANGE_NOT_SATISFIABLE"));
      const response = windowAnswer(url);
      const samples = Math.min(Number(response.headers.get("X-Window-Samples")), (12_300 - Number(from)) * 44.1);
      response.headers.set("X-Window-Samples", String(samples));
      return Promise.resolve(response);
    };
    const start = times.nowMs() + 300;
    rig.engine.follow([cue("one", start, 14.73), cue("two", start + 14_730)]);
    await pass(5_000);
    await pass(13_000, tickMs);
    const [last] = heard().filter(({ name }) => name === "one").slice(-1);
    expect(last!.fromMs + last!.lengthMs).toBeCloseTo(12_300, 0);
    const two = heard().find(({ name }) => name === "two")!;
    expect(two.fromMs).toBeCloseTo(0);
    expect(two.atMs).toBeCloseTo(start + 14_730, 0);
  });

  it("comes after silence is silent to its end", async () => {
    rig.answer = (url) => Promise.resolve(url.includes("from_ms=5000") ? refusal(416, "RANGE_NOT_SATISFIABLE") : windowAnswer(url));
    const start = times.nowMs();
    rig.engine.follow([cue("one", start, 7), cue("two", start + 7_000)]);
    await pass(9_000);
    const two = heard().find(({ name }) => name === "two");
    expect(two!.atMs).toBeCloseTo(start + 7_000, 0);
  });
});
