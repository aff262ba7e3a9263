// node node.js WASM_EXEC WORKER PACKED REQUESTS FILE...: runs the worker of gwlogs.html as a browser does, with files as bytes, and
// prints the answers to the requests, one a line.
"use strict";
const fs = require("fs");
const vm = require("vm");
const path = require("path");

const [exec, worker, packed, requests, ...files] = process.argv.slice(2);
globalThis.self = globalThis;
const waiting = new Map();
self.postMessage = (message) => {
  const answer = waiting.get(message.id);
  if (!answer) { console.error(JSON.stringify(message)); process.exit(1); }
  waiting.delete(message.id);
  answer(message);
};
const print = (value) => fs.writeSync(1, JSON.stringify(value) + "\n");
for (const file of [exec, worker]) vm.runInThisContext(fs.readFileSync(file, "utf8"), file);

let last = 0;
const ask = (method, params) => new Promise((answer) => {
  waiting.set(++last, answer);
  self.onmessage({ data: { id: last, method, params } });
});

(async () => {
  self.onmessage({ data: { wasm: fs.readFileSync(packed, "utf8") } });
  const t0 = Date.now();
  for (const [method, params] of JSON.parse(fs.readFileSync(requests, "utf8"))) {
    if (method === "open" && files.length) {
      params.files = files.map((f) => ({ name: path.basename(f), bytes: new Uint8Array(fs.readFileSync(f)) }));
    }
    if (method === "wait") {
      for (;;) {
        const { result } = await ask("status", {});
        if (!result.loading && (result.findings_ready || !params.findings)) break;
        await new Promise((go) => setTimeout(go, 5));
      }
      print({ wait: Date.now() - t0, cpu: Math.round(process.cpuUsage().user / 1000), memory: process.memoryUsage().rss >> 20 });
      continue;
    }
    const message = await ask(method, params);
    if (message.result && message.result.blob) {
      const text = Buffer.from(await message.result.blob.arrayBuffer()).toString("latin1");
      message.result = { name: message.result.name, mime: message.result.mime, head: text.slice(0, 64), lines: text.split("\n").length - 1 };
    }
    if (process.env.TIMES) console.error(method, Date.now() - t0, Math.round(process.cpuUsage().user / 1000));
    print(message);
  }
  process.exit(0);
})();
