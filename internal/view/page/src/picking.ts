// Several events at once: picked by Shift and Ctrl, copied together.

import { copy, selectRow } from "./actions"
import { asEngineError, type App } from "./app"
import { rowsAsTable, ticket } from "./copying"
import { cellText, fieldName } from "./fields"
import { findingTitles } from "./list"
import type { Event, Row } from "./protocol"
import { zoneName } from "./times"

// The engine gives so many rows at once; whoever wants more wants an export.
export const mostPicked = 500

// pickTo picks all from where the picking began to a place, which is selected.
export async function pickTo(app: App, position: number): Promise<void> {
  const s = app.state.selected
  const end = Math.min(Math.max(0, position), app.list.state.matched - 1)
  if (end < 0) return
  let anchor = app.state.anchor >= 0 ? app.state.anchor : s?.exact ? s.position : end
  if (Math.abs(end - anchor) >= mostPicked) {
    app.tell(app.state.say("view.picked-most", { n: mostPicked }))
    if (app.state.picked.size > 0 || Math.abs(end - anchor) > mostPicked) anchor = end > anchor ? end - mostPicked + 1 : end + mostPicked - 1
  }
  const from = Math.min(anchor, end)
  try {
    const rows = await app.list.span(from, Math.min(mostPicked, Math.abs(end - anchor) + 1))
    const last = rows[end - from]
    if (!last) return
    app.set({ picked: new Map(rows.map((r) => [r.n, r])), anchor })
    selectRow(app, end, last, true, true)
  } catch (e) {
    app.tell(asEngineError(e).message)
  }
}

// pickOne adds an event to those that are picked, or takes it out; the selected one is among them from the beginning.
export function pickOne(app: App, position: number, row: Row): void {
  const picked = new Map(app.state.picked)
  const s = app.state.selected
  const first = s?.exact ? app.list.row(s.position) : undefined
  if (picked.size === 0 && first) picked.set(first.n, first)
  if (picked.has(row.n) && picked.size > 1) picked.delete(row.n)
  else if (picked.size < mostPicked) picked.set(row.n, row)
  app.set({ picked, anchor: position })
  selectRow(app, position, row, false, true)
}

export const pickAll = async (app: App): Promise<void> => {
  app.set({ anchor: 0 })
  if (app.list.state.matched > mostPicked) app.tell(app.state.say("view.picked-most", { n: mostPicked }))
  await pickTo(app, Math.min(app.list.state.matched, mostPicked) - 1)
}

export const clearPicked = (app: App): void => app.set({ picked: new Map(), anchor: -1 })

// whole reads the events of rows, in the order of the list. Of one that is gone the row is all there is.
async function whole(app: App, rows: Row[]): Promise<(Event | undefined)[]> {
  const out = new Array<Event | undefined>(rows.length)
  let next = 0
  const one = async () => {
    for (let i = next++; i < rows.length; i = next++) out[i] = await app.engine.call("event", { n: rows[i]!.n, lang: app.lang }).catch(() => undefined)
  }
  await Promise.all(Array.from({ length: 6 }, one))
  return out
}

// inOrder are the picked rows as the list has them.
function inOrder(app: App): Row[] {
  const sign = app.state.shared.order === "newest" ? -1 : 1
  return [...app.state.picked.values()].sort((a, b) => (a.time === b.time ? sign * (a.n - b.n) : a.time < b.time ? -sign : sign))
}

// copyPicked copies what is picked: as blocks for a ticket, by time, or as a table with the columns of the list and whole messages.
export async function copyPicked(app: App, as: "ticket" | "table"): Promise<void> {
  const { say, shared, marks } = app.state
  const rows = inOrder(app)
  const events = await whole(app, rows)
  if (as === "ticket") {
    const blocks = events.flatMap((e) => (e ? [ticket(e, marks[e.ref]?.note, shared.zone, say)] : []))
    await copy(app, (shared.order === "newest" ? blocks.reverse() : blocks).join("\n"))
    return
  }
  const titles = findingTitles(app)
  const byRow = new Map(rows.map((r, i) => [r, events[i]]))
  const head = shared.columns.map((c) => (c === "time" ? `${fieldName(c, say)} (${zoneName(shared.zone)})` : fieldName(c, say)))
  await copy(app, rowsAsTable(head, rows.map((r) => shared.columns.map((c) => {
    const e = byRow.get(r)
    if (c === "message" && e) return e.message
    const values = c.startsWith("data.") && e ? e.data.filter((d) => "data." + d.name === c) : []
    return values.length === 1 ? values[0]!.value : cellText(r, c, shared.zone, say, titles)
  }))))
}
