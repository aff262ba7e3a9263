import assert from "node:assert/strict"
import { test } from "node:test"
import { readFilter, readQuick } from "./fields"
import * as f from "./filter"

test("values of a field are alternatives in one chip", () => {
  let c = f.add([], "level", "2")
  c = f.add(c, "level", "1")
  assert.deepEqual(c, [{ field: "level", values: ["2", "1"] }])
  assert.deepEqual(f.add(c, "level", "1"), c)
})

test("texts are conditions of their own", () => {
  const c = f.add(f.add([], "text", "a"), "text", "b")
  assert.equal(c.length, 2)
  assert.deepEqual(f.add(c, "text", "a"), c)
})

test("the opposite of a value takes its place", () => {
  const c = f.add(f.add([], "id", "4"), "id", "4", true)
  assert.deepEqual(c, [{ field: "id", values: ["4"], exclude: true }])
  assert.deepEqual(f.add(f.add(f.add([], "id", "4"), "id", "5"), "id", "4", true), [{ field: "id", values: ["5"] }, { field: "id", values: ["4"], exclude: true }])
})

test("a click in a facet is undone by another", () => {
  const one = f.toggle([], "provider", "x")
  assert.deepEqual(f.toggle(one, "provider", "x"), [])
  assert.ok(f.has(one, "provider", "x"))
  assert.ok(!f.has(one, "provider", "x", true))
})

test("only this leaves other fields alone", () => {
  const c = f.only([{ field: "id", values: ["1", "2"] }, { field: "level", values: ["2"] }, { field: "id", values: ["9"], exclude: true }], "id", "3")
  assert.deepEqual(c, [{ field: "level", values: ["2"] }, { field: "id", values: ["9"], exclude: true }, { field: "id", values: ["3"] }])
})

test("what is off is kept, and not sent", () => {
  const off = f.switchOff({ field: "level", values: ["2"] })
  assert.equal(off.off, true)
  assert.deepEqual(f.switchOff(off), { field: "level", values: ["2"] })
  assert.deepEqual(f.toEngine([off, { field: "id", values: ["1"] }], [{ field: "around", values: ["3", "60"] }], false, []).conditions.map((c) => c.field), ["id", "around"])
  assert.deepEqual(f.toEngine([{ field: "id", values: ["1"] }], [], true, []).conditions, [])
  assert.deepEqual(f.toEngine([{ field: "marked", values: ["*"] }], [], false, [7, 8]).conditions, [{ field: "marked", values: ["7", "8"] }])
})

test("what was asked for at once is one look", () => {
  const lenses = [{ field: "around", values: ["1", "60"] }, { field: "provider", values: ["P"] }, { field: "id", values: ["4"], also: true }]
  assert.deepEqual(f.looks(lenses).map((l) => l.length), [1, 2])
  assert.deepEqual(f.toEngine([], lenses, false, []).conditions[2], { field: "id", values: ["4"] })
})

test("there is one range of time", () => {
  let c = f.setRange([{ field: "id", values: ["1"] }], "a", "b")
  c = f.setRange(c, "c", "d")
  assert.deepEqual(f.range(c), ["c", "d"])
  assert.deepEqual(f.setRange(c, "", ""), [{ field: "id", values: ["1"] }])
})

test("what is typed into the filter", () => {
  assert.deepEqual(readQuick("timeout"), { field: "text", values: ["timeout"] })
  assert.deepEqual(readQuick("-heart beat"), { field: "text", values: ["heart beat"], exclude: true })
  assert.deepEqual(readQuick("level:error, critical"), { field: "level", values: ["2", "1"] })
  assert.deepEqual(readQuick("niveau:erreur"), { field: "text", values: ["niveau:erreur"] })
  assert.deepEqual(readQuick("-id:401,402"), { field: "id", values: ["401", "402"], exclude: true })
  assert.deepEqual(readQuick("id:abc"), { field: "text", values: ["id:abc"] })
  assert.deepEqual(readQuick("data.TargetUserName=al ice"), { field: "data.TargetUserName", values: ["al ice"] })
  assert.deepEqual(readQuick("where:id = 401 and level <= 2"), { field: "where", values: ["id = 401 and level <= 2"] })
  assert.deepEqual(readQuick("10.0.0.1:443"), { field: "text", values: ["10.0.0.1:443"] })
  assert.deepEqual(readQuick("https://x.y"), { field: "text", values: ["https://x.y"] })
  assert.deepEqual(readQuick('"-1"'), { field: "text", values: ["-1"] })
  assert.equal(readQuick("  "), undefined)
})

test("several conditions at once", () => {
  const id = { field: "id", values: ["401"] }
  const level = { field: "level", values: ["2"] }
  for (const typed of ["id:401 level:error", "id:401, level:error", "  id: 401   level = error "]) assert.deepEqual(readFilter(typed, "UTC"), [id, level], typed)
  assert.deepEqual(readFilter("refused id:401", "UTC"), [{ field: "text", values: ["refused"] }, id])
  assert.deepEqual(readFilter("id:401 access denied", "UTC"), [id, { field: "text", values: ["access denied"] }])
  assert.deepEqual(readFilter("id:401 402 -level:information", "UTC"), [{ field: "id", values: ["401", "402"] }, { field: "level", values: ["4"], exclude: true }])
  assert.deepEqual(readFilter("computer:GW01 data.Task=a b", "UTC"), [{ field: "computer", values: ["GW01"] }, { field: "data.Task", values: ["a b"] }])
  assert.deepEqual(readFilter("id:401 where: EventID = 401 and level: 2", "UTC"), [id, { field: "where", values: ["EventID = 401 and level: 2"] }])
  assert.deepEqual(readFilter("the valid: one", "UTC"), [{ field: "text", values: ["the valid: one"] }])
  assert.deepEqual(readFilter("id:abc", "UTC"), [{ field: "text", values: ["id:abc"] }])
  assert.deepEqual(readFilter(" ", "UTC"), [])
})

test("quotes hold a text together", () => {
  const text = (t: string, exclude = false) => ({ field: "text", values: [t], ...(exclude ? { exclude: true } : {}) })
  const id = { field: "id", values: ["401"] }
  const read = (typed: string) => readFilter(typed, "UTC")
  for (const typed of ['"access denied" id:401', '"access denied", id:401', '  "access denied"   id : 401']) assert.deepEqual(read(typed), [text("access denied"), id], typed)
  assert.deepEqual(read('id:401 "access denied"'), [id, text("access denied")])
  assert.deepEqual(read('id:401 "level:error"'), [id, text("level:error")])
  assert.deepEqual(read('"id:401"'), [text("id:401")])
  assert.deepEqual(read('"a data source: SQL" -"id: 5, 6" level:error'), [text("a data source: SQL"), text("id: 5, 6", true), { field: "level", values: ["2"] }])
  assert.deepEqual(read('"one" "two" three four'), [text("one"), text("two"), text("three four")])
  assert.deepEqual(read('refused "by the host"'), [text("refused"), text("by the host")])
  assert.deepEqual(read('provider:"Data Management Gateway" "x y"'), [{ field: "provider", values: ["Data Management Gateway"] }, text("x y")])
  assert.deepEqual(read('data.User="al id:5" id:401'), [{ field: "data.User", values: ["al id:5"] }, id])
  assert.deepEqual(read('text:"a id:1 b" id:401'), [text("a id:1 b"), id])
  assert.deepEqual(read('where: Data contains "a b" and id = 1'), [{ field: "where", values: ['Data contains "a b" and id = 1'] }])
  assert.deepEqual(read('he said "no'), [text('he said "no')])
  assert.deepEqual(read('<Data Name="x">'), [text('<Data Name="x">')])
  assert.deepEqual(read('""'), [text('""')])
})

test("a colon makes no field of prose", () => {
  const read = (typed: string) => readFilter(typed, "UTC")
  for (const prose of [
    "Message: Access denied", "the data source: SQL01", "System.IO.IOException: file", "C:\\Temp", "error: user: x", "provider error, provider: none", "id:none", "process:abc", "level:eror",
    "10.0.0.1:443", "Reason: the computer: unknown", "12:30", "id:70000000", "a process: 5 of them",
  ]) assert.deepEqual(read(prose), [{ field: "text", values: [prose] }], prose)
  assert.deepEqual(read("Message: Access denied id:401"), [{ field: "text", values: ["Message: Access denied"] }, { field: "id", values: ["401"] }])
  assert.deepEqual(read("source: G.evtx user: alice"), [{ field: "source", values: ["G.evtx"] }, { field: "user", values: ["alice"] }])
  assert.deepEqual(read("refused computer:GW01"), [{ field: "text", values: ["refused"] }, { field: "computer", values: ["GW01"] }])
  assert.deepEqual(read("id:100-199 level:error"), [{ field: "id", values: ["100-199"] }, { field: "level", values: ["2"] }])
})

test("times in the filter box", () => {
  const of = (typed: string) => readFilter(typed, "UTC").map((c) => [c.field, ...c.values.map((v) => v.slice(0, 19))])
  assert.deepEqual(of("time:2017-05-03"), [["time", "2017-05-03T00:00:00", "2017-05-03T23:59:59"]])
  assert.deepEqual(of("time:2017-02"), [["time", "2017-02-01T00:00:00", "2017-02-28T23:59:59"]])
  assert.deepEqual(of("time:2017-05-03 12:00..2017-05-04 id:401"), [["time", "2017-05-03T12:00:00", "2017-05-04T23:59:59"], ["id", "401"]])
  assert.deepEqual(of("time:2017-05-03.."), [["time", "2017-05-03T00:00:00", ""]])
  assert.deepEqual(of("time:soon"), [["text", "time:soon"]])
  assert.deepEqual(of("time:2017-05-03 12:00 refused"), [["time", "2017-05-03T12:00:00", "2017-05-03T12:00:59"], ["text", "refused"]])
  assert.deepEqual(of('time:2017-05-03 "2017-05-04"'), [["time", "2017-05-03T00:00:00", "2017-05-03T23:59:59"], ["text", "2017-05-04"]])
})
