import assert from "node:assert/strict"
import { test } from "node:test"
import { bars, clusters, height, highestStack } from "./timelinemath"
import { nice, offset, readTime, showOffset, showTime } from "./times"

test("times in any zone, with the digits of the log", () => {
  const t = "2024-05-13T18:15:50.1234567Z"
  assert.equal(showTime(t, "UTC", 7), "2024-05-13 18:15:50.1234567")
  assert.equal(showTime(t, "Europe/Paris"), "2024-05-13 20:15:50.123")
  assert.equal(showTime(t, "Asia/Kathmandu", 0), "2024-05-14 00:00:50")
  assert.equal(showTime("", "UTC"), "")
  assert.equal(showTime("junk", "UTC"), "junk")
  assert.equal(showOffset(Date.parse(t), "Asia/Kathmandu"), "UTC+05:45")
  assert.equal(showOffset(Date.parse(t), "America/New_York"), "UTC−04:00")
})

test("what somebody typed is of their zone", () => {
  assert.equal(readTime("2024-05-13 20:15", "Europe/Paris"), "2024-05-13T18:15:00.0000000Z")
  assert.equal(readTime("2024-05-13", "UTC", true), "2024-05-13T23:59:59.9999999Z")
  assert.equal(readTime("2024-05-13 20:15", "UTC", true), "2024-05-13T20:15:59.9999999Z")
  assert.equal(readTime("2024-05-13T18:15:50.5Z", "Europe/Paris"), "2024-05-13T18:15:50.5000000Z")
  for (const bad of ["", "yesterday", "2024-13-01", "2024-02-30", "2024-05-13 25"]) assert.equal(readTime(bad, "UTC"), "")
})

test("a time that is shown can be typed, on the days of the change too", () => {
  for (const zone of ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]) {
    for (let ms = Date.UTC(2024, 2, 9); ms < Date.UTC(2024, 3, 9); ms += 5_400_000) {
      const shown = showTime(new Date(ms).toISOString(), zone, 0)
      const back = Date.parse(readTime(shown, zone))
      // In the hour that the clock goes through twice there are two answers.
      assert.ok(back === ms || showTime(new Date(back).toISOString(), zone, 0) === shown, `${zone} ${shown}`)
    }
  }
  assert.equal(offset(Date.UTC(2024, 0, 1), "Europe/Paris"), 60)
})

test("an axis has round times and not too many", () => {
  for (const span of [10, 3600, 86_400, 86_400 * 400, 86_400 * 4000]) {
    const from = Date.UTC(2024, 4, 13, 1, 2, 3)
    const marks = nice(from, from + span * 1000, 10, "Europe/Paris")
    assert.ok(marks.length >= 1 && marks.length <= 11, `${span}: ${marks.length}`)
    for (const m of marks) assert.ok(m.at >= from && m.at <= from + span * 1000)
  }
})

test("bars: nothing is too small to be seen, and a stack is as high as its sum", () => {
  assert.equal(height(0, 1000, 60), 0)
  assert.ok(height(1, 1_000_000, 60) >= 1)
  assert.equal(height(1000, 1000, 60), 60)
  const series = [{ key: "2", label: "", counts: [0, 5, 0], total: 5 }, { key: "4", label: "", counts: [3, 20, 0], total: 23 }]
  assert.equal(highestStack(series, 3), 25)
  assert.equal(bars(series, 0, 3, 300, 60, 25).split("M").length - 1, 1)
  assert.equal(bars(series, 1, 3, 300, 60, 25).split("M").length - 1, 2)
  assert.ok(!bars(series, 1, 3, 300, 60, 25).includes("NaN"))
})

test("marks that would lie over one another are one, the worst first", () => {
  const m = (name: string, severity: string, first: string) => ({ name, title: name, severity, first, last: first })
  const span = { from: Date.parse("2024-01-01T00:00:00Z"), to: Date.parse("2024-01-02T00:00:00Z") }
  const c = clusters([m("a", "low", "2024-01-01T12:00:00Z"), m("b", "critical", "2024-01-01T12:01:00Z"), m("c", "high", "2024-01-01T20:00:00Z"), m("d", "high", "2025-01-01T20:00:00Z")], span, 1000)
  assert.deepEqual(c.map((x) => x.marks.map((y) => y.name)), [["b", "a"], ["c"]])
})
