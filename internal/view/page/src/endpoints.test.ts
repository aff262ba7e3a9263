import assert from "node:assert/strict"
import { test } from "node:test"
import { placeOf, sortEndpoints, type By } from "./endpoints"
import { cutGUIDs } from "./guids"
import type { Endpoint } from "./protocol"

const one = (address: string, port: number, count: number, first: string | null, last = first): Endpoint => ({ address, port, count, first, last, computers: [], problems: [] })

test("addresses are sorted as people read them", () => {
  const all = [one("10.0.0.10", 443, 5, "2026-01-02"), one("10.0.0.9", 443, 5, "2026-01-01"), one("b.example.com", 443, 1, null), one("a.example.net", 443, 9, "2026-01-03"), one("a.example.com", 9350, 2, "2026-01-01"), one("a.example.com", 443, 2, "2026-01-01")]
  const order = (by: By, direction: 1 | -1) => sortEndpoints(all, by, direction).map((e) => `${e.address}:${e.port}`)
  assert.deepEqual(order("address", 1), ["a.example.com:443", "a.example.com:9350", "b.example.com:443", "a.example.net:443", "10.0.0.9:443", "10.0.0.10:443"])
  assert.deepEqual(order("count", -1), ["a.example.net:443", "10.0.0.9:443", "10.0.0.10:443", "a.example.com:443", "a.example.com:9350", "b.example.com:443"])
  assert.deepEqual(order("first", 1), ["10.0.0.9:443", "a.example.com:443", "a.example.com:9350", "10.0.0.10:443", "a.example.net:443", "b.example.com:443"])
  assert.equal(order("first", -1).at(-1), "b.example.com:443")
  assert.equal(order("last", -1)[0], "a.example.net:443")
})

test("an address is written as logs write it", () => {
  assert.equal(placeOf(one("2001:db8::d5", 443, 1, null)) + " " + placeOf(one("10.0.0.9", 443, 1, null)), "[2001:db8::d5]:443 10.0.0.9:443")
})

test("GUIDs are every second part", () => {
  const guid = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
  assert.deepEqual(cutGUIDs(`ActivityId: {${guid.toUpperCase()}}, run ${guid}`), ["ActivityId: {", guid.toUpperCase(), "}, run ", guid, ""])
  assert.deepEqual(cutGUIDs("none at all"), ["none at all"])
  assert.deepEqual(cutGUIDs(`x${guid.slice(1)} ${guid}0 1-${guid}`).length, 1)
  assert.ok(cutGUIDs(`${guid} `.repeat(5000)).length < 500)
})
