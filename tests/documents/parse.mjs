// Reads the AsyncAPI document that is named as its argument; prints its messages' ids, or ends with what is wrong with it.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const faults = diagnostics.filter(({ severity }) => severity <= 1); // errors and warnings
for (const { path, message } of faults) console.error(`${path.join(".")}: ${message}`);
if (!document || faults.length > 0) process.exit(1);
console.log(JSON.stringify(document.allMessages().map((message) => message.id())));
