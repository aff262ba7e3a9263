import assert from "node:assert/strict"
import { test } from "node:test"
import { clampTop, highest, lastTop, scrolled, scrollOf, shown, spacerHeight, topFor, topOf, type Scale } from "./scale"

const small: Scale = { rows: 1000, rowHeight: 24, view: 600 }
const huge: Scale = { rows: 3_000_000, rowHeight: 24, view: 600 }

test("a small list scrolls as the browser does", () => {
  assert.equal(spacerHeight(small), 24_000)
  assert.equal(scrolled(small, 0, 0, 5000), 5000)
  assert.equal(scrollOf(small, 5000), 5000)
})

test("the spacer of a huge list stays below what browsers take", () => {
  assert.equal(spacerHeight(huge), highest)
  assert.ok(highest < 16_777_214)
})

test("every row of a huge list can be reached, and the ends are the ends", () => {
  assert.equal(topOf(huge, 0), 0)
  assert.equal(topOf(huge, highest - huge.view), lastTop(huge))
  for (const row of [0, 1, 559_000, 1_500_000, 2_999_999]) {
    const top = topFor(huge, 0, row)
    const { first, end } = shown(huge, top)
    assert.ok(first <= row && row < end, `row ${row}: ${first}–${end}`)
    assert.ok(Math.abs(topOf(huge, scrollOf(huge, top)) - top) < 8, `row ${row}: ${top}`)
  }
})

test("the wheel moves a huge list by pixels, exact to the row", () => {
  let top = clampTop(huge, 1_500_000 * 24)
  let at = scrollOf(huge, top)
  for (let i = 0; i < 20; i++) {
    const next = scrolled(huge, top, at, at + 24)
    assert.equal(next - top, 24)
    top = next
    at += 24
  }
})

test("the thumb moves a huge list by its share", () => {
  const half = (highest - huge.view) / 2
  assert.ok(Math.abs(scrolled(huge, 0, 0, half) - lastTop(huge) / 2) < 1)
})

test("the ends are reached by the wheel too", () => {
  assert.equal(scrolled(huge, 5000, 1000, 0), 0)
  assert.equal(scrolled(huge, 100, highest - huge.view - 50, highest - huge.view), lastTop(huge))
})

test("a row that is in view does not move the list", () => {
  assert.equal(topFor(small, 2400, 105), 2400)
  assert.equal(topFor(small, 2400, 90), 2160)
  assert.equal(topFor(small, 2400, 130), 131 * 24 - 600)
  assert.equal(topFor(small, 2400, 90, 2), 88 * 24)
})

test("nothing is shown of nothing", () => {
  assert.deepEqual(shown({ rows: 0, rowHeight: 24, view: 600 }, 0), { first: 0, end: 0 })
})
