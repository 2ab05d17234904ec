// Every refusal of the server's, as a sentence in every language (tests/contract/refusals.json names them).
import i18next from "i18next";
import { afterEach, describe, expect, it } from "vitest";
import refusals from "../../tests/contract/refusals.json";
import { sayRefusal } from "../src/components/refusals";
import { startTexts } from "../src/i18n";
import type { Command } from "../src/protocol/types";

interface Row {
  code: string;
  details: Record<string, unknown>;
  command?: Command["command"];
}

const rows = refusals as Row[];

afterEach(() => startTexts(["en"]));

function said(language: string, { code, details, command }: Row): string {
  startTexts([language]);
  return sayRefusal(i18next.t, { code, details, message: "The server's words." }, command);
}

describe.each(["en", "de"])("in %s", (language) => {
  it.each(rows)("$code $details $command is a whole sentence of our own", (row) => {
    expect(said(language, row)).toMatch(/^\p{Lu}[^{}]+\.$/u);
    expect(said(language, row)).not.toMatch(/server's words|refused\.|undefined|NaN/);
  });

  it("whoever may do it is who is named", () => {
    const about = (reason: string) => said(language, { code: "FORBIDDEN", details: { reason } });
    expect(about("hosts_only")).toMatch(/cohosts|Co-Hosts/);
    expect(about("host_only")).not.toMatch(/cohost|Co-Host/);
    for (const row of rows.filter(({ details }) => typeof details.right === "string")) expect(said(language, row)).not.toMatch(/the host\b|der Host\b/);
  });

  it("has a word for each", () => {
    const sentences = new Set(rows.map((row) => said(language, row)));
    const alike = ["MISSING_TRACK_ID", "INVALID_DIRECTION", "MALFORMED", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE", "RANGE_NOT_SATISFIABLE"];
    // FORBIDDEN with a right of null says the same as without one.
    expect(sentences.size).toBe(rows.length - alike.length - 1);
  });
});

it("is another sentence in each language", () => {
  for (const row of rows) expect(said("de", row)).not.toBe(said("en", row));
});
