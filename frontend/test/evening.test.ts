import { describe, expect, it } from "vitest";
import { skippedByReason } from "../src/components/skipped";

describe("what an import left out", () => {
  it("is told by reason, the most frequent one first, with lines that follow on each other together", () => {
    const skipped = [
      { line: 2, reason: "TOO_LONG" },
      ...[3, 5, 6, 7].map((line) => ({ line, reason: "DUPLICATE_TRACK" })),
    ];
    expect(skippedByReason(skipped)).toEqual([
      { reason: "DUPLICATE_TRACK", count: 4, lines: "3, 5–7" },
      { reason: "TOO_LONG", count: 1, lines: "2" },
    ]);
  });

  it("has a reason in words also where a newer server gives another one", () => {
    expect(skippedByReason([{ line: 1, reason: "OF_TOMORROW" }])).toEqual([{ reason: "other", count: 1, lines: "1" }]);
  });
});
