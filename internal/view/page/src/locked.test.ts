import assert from "node:assert/strict"
import { test } from "node:test"
import { addressOf } from "./locked"

test("where the page goes with what was pasted", () => {
  const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  const here = { origin: "http://127.0.0.1:8080", hash: "#t=OLD&c=%2Bid%7C401" }
  const own = `http://127.0.0.1:8080/#t=${token}&c=%2Bid%7C401`
  for (const pasted of [token, `t=${token}`, `#t=${token}`, ` http://127.0.0.1:8080/#t=${token} `, `http://127.0.0.1:8080/#t=${token}&order=oldest`]) assert.equal(addressOf(pasted, here), own, pasted)
  assert.equal(addressOf(`http://localhost:9/#t=${token}`, here), `http://localhost:9/#t=${token}&c=%2Bid%7C401`)
  assert.equal(addressOf(`http://localhost:9#t=${token}`, { ...here, hash: "" }), `http://localhost:9/#t=${token}`)
  for (const bad of ["", "no", "https://example.com/#t=" + token, "javascript:alert(1)//#t=" + token, "http://127.0.0.1.example.com:80/#t=" + token, "http://127.0.0.1:8080/", "#c=%2Bid%7C401"]) assert.equal(addressOf(bad, here), undefined, bad)
})
