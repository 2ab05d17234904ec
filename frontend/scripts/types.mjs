// Makes src/protocol/{rest,live}.generated.ts from the server's documents on standard input.
// With --check nothing is written: the exit code says whether they are up to date.
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";

const folder = new URL("../src/protocol/", import.meta.url);
const { openapi, asyncapi } = JSON.parse(await text(process.stdin));
const head = "// Generated from the server's own documents by `python3 run.py types`. Do not edit.\n\n";

/** The names of an operation's messages. */
const names = (operation) => asyncapi.operations[operation].messages.map(({ $ref }) => $ref.split("/").at(-1));

const union = (name, members) =>
  `\nexport type ${name} =\n${members.map((member) => `  | Schemas["${member}"]`).join("\n")};\n`;

const events = asyncapi.components.schemas.ChangesFrame.properties.events.items.oneOf.map(({ $ref }) =>
  $ref.split("/").at(-1),
);
const live = await openapiTS({ openapi: "3.1.0", info: asyncapi.info, paths: {}, components: asyncapi.components }, { defaultNonNullable: false });
const files = {
  "rest.generated.ts": head + astToString(await openapiTS(openapi, { defaultNonNullable: false })),
  "live.generated.ts":
    head +
    astToString(live) +
    '\nexport type Schemas = components["schemas"];\n' +
    union("ServerFrame", names("sendV1")) +
    union("ClientFrame", names("receiveV1")) +
    union("RoomEvent", events),
};

let stale = false;
for (const [name, made] of Object.entries(files)) {
  const path = new URL(name, folder);
  if (existsSync(path) && readFileSync(path, "utf8") === made) continue;
  stale = true;
  if (process.argv.includes("--check")) console.error(`${name} is not what the server says: python3 run.py types`);
  else writeFileSync(path, made);
}
process.exit(stale && process.argv.includes("--check") ? 1 : 0);
