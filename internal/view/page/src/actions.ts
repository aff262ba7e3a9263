// What the reader does: filters, lenses, selection, search, marks, copies.

import { asEngineError, refOf, type App, type Panel } from "./app"
import { endpointRows, csv, line, ticket, tsv } from "./copying"
import * as filter from "./filter"
import type { Condition, Endpoint, Event, ExportFormat, Order, Row } from "./protocol"
import { iso, showTime } from "./times"
import { shown } from "./scale"

// Filters.

export function setConditions(app: App, conditions: Condition[]): void {
  app.share({ conditions, suspended: false }, true)
  void app.refresh()
}

export const include = (app: App, field: string, value: string): void => setConditions(app, filter.add(app.state.shared.conditions, field, value))
export const exclude = (app: App, field: string, value: string): void => setConditions(app, filter.add(app.state.shared.conditions, field, value, true))
export const onlyThis = (app: App, field: string, value: string): void => setConditions(app, filter.only(app.state.shared.conditions, field, value))

export function suspend(app: App): void {
  const s = app.state.shared
  if (s.conditions.length + s.lenses.length === 0 && !s.suspended) return
  app.share({ suspended: !s.suspended }, true)
  app.tell(app.state.say(s.suspended ? "view.filter-on" : "view.filter-off"))
  void app.refresh()
}

// A lens is a condition that lies over the filter for a while: it is taken off again, or kept as a part of the filter.
export function look(app: App, first: Condition, ...also: Condition[]): void {
  app.share({ lenses: [...app.state.shared.lenses, first, ...also.map((c) => ({ ...c, also: true }))], suspended: false }, true)
  void app.refresh()
}

export function dropLook(app: App, index: number): void {
  app.share({ lenses: filter.looks(app.state.shared.lenses).toSpliced(index, 1).flat() }, true)
  void app.refresh()
}

export function keepLook(app: App, index: number): void {
  const s = app.state.shared
  const looks = filter.looks(s.lenses)
  const kept = (looks[index] ?? []).map(({ also: _, ...c }) => c)
  app.share({ lenses: looks.toSpliced(index, 1).flat(), conditions: [...s.conditions, ...kept] }, true)
}

// dropLast takes back what was asked for last.
export function dropLast(app: App): void {
  const s = app.state.shared
  if (s.lenses.length > 0) return dropLook(app, filter.looks(s.lenses).length - 1)
  const i = s.conditions.findLastIndex((c) => !c.off)
  if (i >= 0) setConditions(app, s.conditions.toSpliced(i, 1))
}

export function setOrder(app: App, order: Order): void {
  app.share({ order })
  void app.refresh()
}

export function addColumn(app: App, column: string): void {
  const columns = app.state.shared.columns
  if (columns.includes(column)) return
  const at = columns.indexOf("message")
  app.share({ columns: at < 0 ? [...columns, column] : columns.toSpliced(at, 0, column) })
  void app.refresh()
  app.tell(app.state.say("view.column-added", { name: column.replace(/^data\./, "") }))
}

export function setColumns(app: App, columns: string[]): void {
  app.share({ columns })
  void app.refresh()
}

export function setPanel(app: App, panel: Panel): void {
  app.share({ panel })
  app.set({ phone: app.state.phone === "list" ? "list" : app.state.phone })
  if (panel === "facets") void app.loadFacets()
}

// Selection.

// selectRow is the end of several that are picked, unless they are kept.
export function selectRow(app: App, position: number, row: Row, reveal = true, keepPicked = false): void {
  app.set({ selected: { n: row.n, ref: refOf(row), position, exact: true }, ...(keepPicked ? {} : { picked: new Map(), anchor: -1 }) })
  if (app.state.event?.n !== row.n) void app.loadEvent(row.n)
  app.share({ selected: refOf(row) })
  if (reveal) app.list.reveal(position)
}

export async function selectAt(app: App, position: number): Promise<void> {
  const rows = app.list.state.matched
  if (rows === 0) return
  const at = Math.min(Math.max(0, position), rows - 1)
  app.list.reveal(at)
  try {
    const row = await app.list.get(at)
    if (row) selectRow(app, at, row)
  } catch (e) {
    app.tell(asEngineError(e).message)
  }
}

export const selectBy = (app: App, by: number): Promise<void> => {
  const s = app.state.selected
  if (!s) return selectAt(app, shown(app.list.scale, app.list.state.top).first)
  return selectAt(app, s.exact ? s.position + by : by > 0 ? s.position + by - 1 : s.position)
}

// goTo shows an event, wherever it is; what hides it is said.
export async function goTo(app: App, where: { ref: string } | { n: number }, then?: () => void): Promise<void> {
  const q = app.query()
  try {
    const at = await app.engine.call("locate", { filter: q.filter, order: q.order, ...where })
    const ref = "ref" in where ? where.ref : ""
    app.set({ selected: { n: at.n, ref: ref, position: at.position, exact: at.exact }, picked: new Map(), anchor: -1 })
    if (!at.exact) app.tell(app.state.say("view.not-in-filter"))
    app.list.reveal(at.position, 3)
    await app.loadEvent(at.n)
    const event = app.state.event
    if (event?.n === at.n) {
      app.set({ selected: { n: at.n, ref: event.ref, position: at.position, exact: at.exact } })
      app.share({ selected: event.ref })
    }
    then?.()
  } catch (e) {
    app.tell(asEngineError(e).message)
  }
}

// goToTime moves to the event nearest to a time.
export async function goToTime(app: App, time: string): Promise<void> {
  const q = app.query()
  try {
    const at = await app.engine.call("locate", { filter: q.filter, order: q.order, time })
    if (at.matched > 0) await selectAt(app, at.position)
    else app.tell(app.state.say("view.no-such-time"))
  } catch (e) {
    app.tell(asEngineError(e).message)
  }
}

// findNext goes to the next event with the text: it marks, and hides nothing. The engine begins anew at the end.
export async function findNext(app: App, backward: boolean): Promise<void> {
  const text = app.state.shared.find
  if (!text) return
  const q = app.query()
  const s = app.state.selected
  const rows = app.list.state.matched
  if (rows === 0) return
  const start = s ? s.position + (backward ? -1 : s.exact ? 1 : 0) : shown(app.list.scale, app.list.state.top).first
  app.set({ finding: true })
  try {
    const at = await app.engine.call("find", { filter: q.filter, order: q.order, text, from: start < 0 ? rows - 1 : start >= rows ? 0 : start, backward })
    if (app.state.shared.find !== text) return
    app.set({ found: at.position < 0 ? { text, index: -1, found: 0 } : { text, index: at.index ?? -1, found: at.found ?? 0 } })
    if (at.position < 0) {
      app.tell(app.state.say("view.find-none", { text }))
      return
    }
    if (s && (backward ? at.position >= s.position : at.position <= s.position)) app.tell(app.state.say(backward ? "view.find-from-end" : "view.find-from-start"))
    await selectAt(app, at.position)
    app.list.reveal(at.position, 3)
  } catch (e) {
    app.tell(asEngineError(e).message)
  } finally {
    app.set({ finding: false })
  }
}

export function findValue(app: App, value: string): void {
  app.share({ find: value.slice(0, 200) })
  void findNext(app, false)
}

// Around an event.

// around is what happened so long before and behind an event, on all computers or on one.
export const around = (app: App, e: { n: number }, seconds: number, computer?: string): void =>
  look(app, { field: "around", values: [String(e.n), String(seconds)] }, ...(computer ? [{ field: "computer", values: [computer] }] : []))
export const fromHere = (app: App, time: string): void => look(app, { field: "time", values: [time, ""] })
export const upToHere = (app: App, time: string): void => look(app, { field: "time", values: ["", time] })
export const sameKind = (app: App, e: Event | Row): void => look(app, { field: "provider", values: [e.provider] }, { field: "id", values: [String(e.id)] })

// Marks and notes.

// markSelected marks what is selected, also when the details have not come yet.
export async function markSelected(app: App): Promise<void> {
  const n = app.state.selected?.n
  if (n !== undefined && app.state.event?.n !== n) await app.loadEvent(n)
  const event = app.state.event
  if (event && event.n === n && app.state.selected?.n === n) mark(app, event)
}

export function mark(app: App, e: Pick<Event, "n" | "ref">): void {
  const marks = { ...app.state.marks }
  if (marks[e.ref]) {
    if (marks[e.ref]!.note && !confirm(app.state.say("view.unmark-sure"))) return
    delete marks[e.ref]
    app.tell(app.state.say("view.unmarked"))
  } else {
    marks[e.ref] = { note: "", n: e.n }
    app.tell(app.state.say("view.marked-now"))
  }
  app.setMarks(marks)
}

export const note = (app: App, e: Event, text: string): void => app.setMarks({ ...app.state.marks, [e.ref]: { note: text, n: e.n } })

// nextMark goes to the next marked event by the order of the list.
export async function nextMark(app: App, backward: boolean): Promise<void> {
  const q = app.query()
  const places: { position: number; n: number }[] = []
  for (const m of Object.values(app.state.marks)) {
    if (m.n === undefined) continue
    const at = await app.engine.call("locate", { filter: q.filter, order: q.order, n: m.n }).catch(() => undefined)
    if (at?.exact) places.push({ position: at.position, n: m.n })
  }
  places.sort((a, b) => a.position - b.position)
  const here = app.state.selected?.position ?? -1
  const next = backward ? (places.findLast((p) => p.position < here) ?? places.at(-1)) : (places.find((p) => p.position > here) ?? places[0])
  if (next) await selectAt(app, next.position)
  else app.tell(app.state.say("view.no-marks"))
}

// Copies.

export async function copy(app: App, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    app.tell(app.state.say("view.copied"))
  } catch {
    app.tell(app.state.say(copyOfOld(text) ? "view.copied" : "view.copy-failed"))
  }
}

// copyOfOld is for browsers that keep the clipboard from pages on file: or without a secure origin.
function copyOfOld(text: string): boolean {
  const before = document.activeElement as HTMLElement | null
  const area = document.createElement("textarea")
  area.value = text
  area.className = "unseen"
  document.body.append(area)
  area.select()
  const done = document.execCommand("copy")
  area.remove()
  before?.focus()
  return done
}

export type CopyAs = "ticket" | "line" | "xml" | "json"

export function copyEvent(app: App, e: Event, as: CopyAs): void {
  const { say, shared, marks } = app.state
  const texts: Record<CopyAs, () => string> = {
    ticket: () => ticket(e, marks[e.ref]?.note, shared.zone, say),
    line: () => line(e, shared.zone, say),
    xml: () => e.xml,
    json: () => e.json,
  }
  void copy(app, texts[as]())
}

// copyMarked is every marked event as a ticket's text, by time.
export async function copyMarked(app: App): Promise<void> {
  const blocks: { time: string; text: string }[] = []
  for (const [, m] of Object.entries(app.state.marks)) {
    if (m.n === undefined) continue
    const e = await app.engine.call("event", { n: m.n, lang: app.state.hello?.lang ?? "en" }).catch(() => undefined)
    if (e) blocks.push({ time: e.time, text: ticket(e, m.note, app.state.shared.zone, app.state.say) })
  }
  blocks.sort((a, b) => (a.time < b.time ? -1 : 1))
  await copy(app, blocks.map((b) => b.text).join("\n"))
}

export const copyEndpoints = (app: App, all: Endpoint[], as: "table" | "csv"): Promise<void> => copy(app, as === "csv" ? csv(endpointRows(all)) : tsv(endpointRows(all)))

// Export.

export async function exportAs(app: App, format: ExportFormat): Promise<void> {
  const q = app.query()
  app.set({ dialog: undefined })
  app.tell(app.state.say("view.exporting"))
  try {
    const out = await app.engine.call("export", { filter: q.filter, order: q.order, format })
    const link = document.createElement("a")
    link.download = out.name
    link.href = out.blob ? URL.createObjectURL(out.blob) : (out.path ?? "")
    document.body.append(link)
    link.click()
    link.remove()
    if (out.blob) setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    app.tell(app.state.say("view.exported", { name: out.name }))
  } catch (e) {
    const error = asEngineError(e)
    app.tell([error.message, error.hint].filter(Boolean).join(". "))
  }
}

// The timeline.

export function zoom(app: App, from: string, to: string): void {
  app.share({ zoom: [from, to] }, true)
  void app.loadTimeline()
}

// zoomBy makes the span that is seen wider or narrower around its middle, or around a place.
export function zoomBy(app: App, factor: number, around?: number): void {
  const t = app.state.timeline
  if (!t || !t.from || !t.to) return
  const from = Date.parse(t.from)
  const to = Date.parse(t.to)
  const middle = around ?? (from + to) / 2
  const [low, high] = [middle - (middle - from) * factor, middle + (to - middle) * factor]
  if (high - low < 1000) return
  zoom(app, iso(low), iso(high))
}

export function filterTime(app: App, from: string, to: string): void {
  setConditions(app, filter.setRange(app.state.shared.conditions, from, to))
  app.tell(app.state.say("view.time-filtered", { from: showTime(from, app.state.shared.zone, 0), to: showTime(to, app.state.shared.zone, 0) }))
}

export async function acceptNew(app: App): Promise<void> {
  const status = await app.engine.call("accept", {})
  app.set({ status })
  await app.refresh(true)
  app.list.setTop(app.state.shared.order === "newest" ? 0 : Infinity) // where the new ones are
}
