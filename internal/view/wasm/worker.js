// The worker of gwlogs.html, behind Go's wasm_exec.js. Its first message is {wasm}: the program, compressed, in base64. Then it takes
// {id, method, params}, with files in params.files of "open", and answers {id, result} or {id, error: {message, hint, at}}.
"use strict";

const ready = new Promise((resolve) => { self.gwlogsReady = resolve; });
self.gwlogsReply = (id, key, text) => self.postMessage({ id, [key]: JSON.parse(text) });
self.gwlogsReplyFile = (id, name, mime, bytes) => self.postMessage({ id, result: { name, mime, blob: new Blob([bytes], { type: mime }) } });

async function start(base64) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const go = new Go();
  const program = await WebAssembly.instantiate(await new Response(stream).arrayBuffer(), go.importObject);
  // The program ends only when it has failed: what is asked then is answered so.
  go.run(program.instance).finally(() => { self.gwlogsRequest = undefined; });
}

self.onmessage = async ({ data }) => {
  if (data.wasm !== undefined) {
    start(data.wasm).catch((error) => self.postMessage({ id: null, error: { message: "the page cannot start: " + error } }));
    return;
  }
  await ready;
  const { files, ...params } = data.params ?? {};
  try {
    self.gwlogsRequest(data.id, data.method, JSON.stringify(params), files ?? []);
  } catch (error) {
    const message = "the program behind the page has ended: load the page again";
    self.postMessage({ id: data.id, error: { message, hint: String(error) } });
  }
};
