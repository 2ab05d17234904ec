// node ws with nothing behind it, like bench/_bare.py: on each POST every socket gets the same constant.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(new URL("../frontend/package.json", import.meta.url))("ws");

const text = "x".repeat(Number(process.env.BENCH_FRAME_BYTES ?? 300));
const server = createServer((request, response) => {
  request.resume();
  response.setHeader("Content-Length", 0).end();
  if (request.method === "POST") {
    for (const socket of sockets.clients) socket.send(text);
  }
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
server.listen({ host: "127.0.0.1", port: Number(process.env.PORT), backlog: 1024 });
