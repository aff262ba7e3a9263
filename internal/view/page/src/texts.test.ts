import assert from "node:assert/strict"
import { test } from "node:test"
import { csv, csvCell, endpointRows, ticket, tsv } from "./copying"
import type { Event } from "./protocol"
import { readMarks, readSettings, usualSettings, writeMarks } from "./kept"
import { oneLine, parts, visible } from "./visible"
import { fill, grouped, sayIn } from "./words"

test("what cannot be seen is shown, what can be stays", () => {
  assert.equal(visible("a\u202egpj.exe"), "a⟨U+202E⟩gpj.exe")
  assert.equal(visible("a\u0000\u001b[31m"), "a␀␛[31m")
  assert.equal(visible("a\u200bb\ufeff\u2028"), "a⟨U+200B⟩b⟨U+FEFF⟩␤")
  assert.equal(visible("lone \ud800 half"), "lone ⟨U+D800⟩ half")
  assert.equal(visible("é 😀 中\n\tx"), "é 😀 中\n\tx")
  assert.equal(visible("<b onclick=1>&amp;"), "<b onclick=1>&amp;")
  assert.equal(oneLine("a\r\nb\tc"), "a ⏎ b c")
  assert.equal(oneLine("x".repeat(700)).length, 601)
})

test("what is found is every second part", () => {
  assert.deepEqual(parts("Error in error", "ERROR"), ["", "Error", " in ", "error", ""])
  assert.deepEqual(parts("abc", "x"), ["abc"])
  assert.deepEqual(parts("abc", ""), ["abc"])
  for (const [text, search] of [["aaa", "aa"], ["İi", "i"], ["", "a"]] as const) assert.equal(parts(text, search).join(""), text)
})

test("a spreadsheet takes no cell for a formula", () => {
  assert.equal(csvCell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0")
  assert.equal(csvCell("@x"), "'@x")
  assert.equal(csvCell(-5), "-5")
  assert.equal(csvCell('a"b,c'), '"a""b,c"')
  assert.equal(csv([["a", 1], ["x\ny", 2]]), 'a,1\r\n"x\ny",2\r\n')
  assert.equal(tsv([["a\tb", "c\nd"]]), "a b\tc d\n")
  assert.deepEqual(endpointRows([{ address: "10.0.0.1", port: 443, count: 2, first: null, last: "t", computers: ["A", "B"], problems: [] }])[1], ["10.0.0.1", 443, "TCP", 2, "", "t", "A B"])
})

test("sentences are filled in as Go fills them in", () => {
  const n = "{{if eq .n 1}}1 event{{else}}{{thousands .n}} events{{end}}"
  assert.equal(fill(n, { n: 1 }), "1 event")
  assert.equal(fill(n, { n: 1234567 }), "1,234,567 events")
  assert.equal(fill("{{if .user}}{{.user}} did{{else}}done{{end}} {{.what}}", { user: "", what: "it" }), "done it")
  assert.equal(fill("{{if not .a}}x{{else if eq .a .b}}y{{else}}z{{if ne .a .b}}!{{end}}{{end}}.", { a: 2, b: 2 }), "y.")
  assert.equal(fill("{{if not .a}}x{{else if eq .a .b}}y{{else}}z{{if ne .a .b}}!{{end}}{{end}}.", { a: 2, b: 3 }), "z!.")
  assert.equal(sayIn({})("view.none"), "view.none")
  assert.equal(grouped(999, ",") + grouped(1000, ","), "9991,000")
  const french = sayIn({ n: "{{thousands .n}} événements" }, "fr")
  assert.equal(french("n", { n: 2950 }) + french.thousands(1234567), "2\u202f950 événements1\u202f234\u202f567")
})

test("a ticket has its time once, and the name of its log", () => {
  const event = { text: "time:      2026-05-03 23:59:58.0000000 UTC\nlevel:     error\nmessage:\n    time: none\n", time: "2026-05-03T23:59:58.0000000Z", source: "logs/G.evtx", bundle: "/home/me/b.zip", findings: [{ name: "x", title: "It broke", severity: "high" }] } as unknown as Event
  const say = sayIn({ "view.ticket-problem": "Known problem: {{.title}}", "view.ticket-note": "Note: {{.note}}" })
  assert.equal(ticket(event, "seen", "UTC", say), "time:      2026-05-03 23:59:58.0000000 UTC\nlog:       b.zip/logs/G.evtx\nlevel:     error\nmessage:\n    time: none\nKnown problem: It broke\nNote: seen\n")
  assert.equal(ticket(event, undefined, "Europe/Paris", say).split("\n")[0], "time:      2026-05-04 01:59:58.0000000 UTC+02:00")
})

test("what was kept is read with care", () => {
  assert.deepEqual(readSettings(""), usualSettings())
  assert.deepEqual(readSettings("[1"), usualSettings())
  assert.deepEqual(readSettings('{"theme":"<b>","side":1e9,"saved":[{"name":"a","conditions":[{"field":"id","values":["1",2]},null]},{"name":5}]}').saved, [{ name: "a", conditions: [{ field: "id", values: ["1"] }] }])
  assert.equal(readSettings('{"side":1e9}').side, 1200)
  const marks = { "a|1|t": { note: "n\u202e", n: 5 }, "b|2|t": { note: "" } }
  assert.deepEqual(readMarks(writeMarks(marks)), { "a|1|t": { note: "n\u202e" }, "b|2|t": { note: "" } })
  assert.deepEqual(readMarks('{"x":{"note":"no ref"},"a|1|t":null}'), { "a|1|t": { note: "" } })
})
