import assert from "node:assert/strict"
import { test } from "node:test"
import { decode, encode, initial, tokenOf, type Shared } from "./urlstate"

const full: Shared = {
  conditions: [
    { field: "level", values: ["1", "2"] },
    { field: "text", values: ["a|b ~ c&d=#é%"], exclude: true },
    { field: "data.Target User", values: ["x", "y|z"], off: true },
    { field: "time", values: ["2024-05-13T18:00:00.0000000Z", ""] },
  ],
  lenses: [{ field: "around", values: ["17", "300"] }, { field: "provider", values: ["P"] }, { field: "id", values: ["4"], also: true }],
  suspended: true, order: "oldest", columns: ["time", "data.X~1", "message"], widths: { "data.X~1": 200 }, zone: "Europe/Paris",
  selected: "C:\\logs\\a b.evtx|17|2024-05-13T18:15:50.0000000Z", find: "10.0.0.1 & more", by: "provider", zoom: ["2024-05-13T00:00:00.0000000Z", "2024-05-14T00:00:00.0000000Z"],
  panel: "facets", finding: "proxy-authentication-required",
}

test("a state goes into an address and comes back", () => {
  assert.deepEqual(decode("#" + encode(full)), full)
  assert.deepEqual(decode("#" + encode(full, "TOKEN")), full)
})

test("the first state is an empty address", () => {
  assert.equal(encode(initial()), "")
  assert.deepEqual(decode(""), initial())
})

test("the token is beside the state, and left out of a link", () => {
  assert.equal(tokenOf("#" + encode(full, "T0KEN")), "T0KEN")
  assert.equal(tokenOf("#" + encode(full)), "")
  assert.ok(!encode(full).includes("T0KEN"))
})

test("what nobody wrote is not understood, and does no harm", () => {
  for (const bad of ["c=", "c=%2B", "c=level|2", "c=%2Blevel", "w=x~y", "w=99999~time", "order=sideways", "by=moon", "zoom=", "col=", "%%%", "c=" + "%2Ba|b&c=".repeat(20_000)]) {
    const s = decode("#" + bad)
    assert.equal(s.order, "newest")
    assert.equal(s.by, "level")
    assert.ok(s.columns.length > 0)
  }
})

test("any text of a log survives as a value", () => {
  for (const value of ["~0", "~1|", "||", "~", "+-o", "a\nb\tc", "\u202eabc", "", " ", "%7C"]) {
    const s = { ...initial(), conditions: [{ field: "user", values: [value, "other"] }] }
    assert.deepEqual(decode(encode(s)).conditions, s.conditions)
  }
})
