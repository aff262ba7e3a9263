// The menu of a value: of a cell in the list, of a field in the details, of an address in the firewall list.

import * as act from "./actions"
import type { App, MenuItem } from "./app"
import { fieldName } from "./fields"
import { copyPicked } from "./picking"
import type { Row } from "./protocol"
import { oneLine } from "./visible"

export interface ValueMenu {
  field: string // of a condition, or of a column alone
  value: string // as it is shown and copied
  wanted: string | undefined // as a condition wants it; undefined: it cannot be filtered by
  column?: string
  raw?: () => Promise<string | undefined> // the whole value as the log has it, where the list shows a shorter one
  event?: { n: number; time: string; provider: string; id: number }
}

export function valueMenu(app: App, v: ValueMenu): (MenuItem | "line")[] {
  const { say } = app.state
  const none = v.value === "" || v.wanted === undefined || v.wanted === ""
  const why = none ? { disabled: say(v.value === "" ? "view.why-empty" : "view.why-no-filter") } : {}
  const raw = async (otherwise: string): Promise<string> => (await v.raw?.()) ?? otherwise
  const with1 = (label: string, run: (field: string, value: string) => void): MenuItem => ({ label, run: () => void raw(v.wanted ?? "").then((x) => run(v.field, x)), ...why })
  const items: (MenuItem | "line")[] = []
  if (v.field === "time" && v.event) {
    const e = v.event
    items.push(
      { label: say("view.from-here"), run: () => act.fromHere(app, e.time) },
      { label: say("view.up-to-here"), run: () => act.upToHere(app, e.time) },
      { label: say("view.around-minutes", { n: 1 }), run: () => act.around(app, e, 60) },
      { label: say("view.around-minutes", { n: 5 }), run: () => act.around(app, e, 300) },
    )
  } else if (v.field === "message") {
    items.push({ label: say("view.only-text"), run: () => act.include(app, "text", v.value), ...(v.value === "" ? why : {}) })
    items.push({ label: say("view.not-text"), run: () => act.exclude(app, "text", v.value), ...(v.value === "" ? why : {}) })
  } else {
    items.push(
      with1(say("view.only-this"), (f, x) => act.onlyThis(app, f, x)),
      with1(say("view.this-too"), (f, x) => act.include(app, f, x)),
      with1(say("view.not-this"), (f, x) => act.exclude(app, f, x)),
    )
  }
  if (v.column && !app.state.shared.columns.includes(v.column)) items.push({ label: say("view.as-column"), run: () => act.addColumn(app, v.column!) })
  if (v.field.startsWith("data.") && !app.state.settings.facets.includes(v.field)) {
    items.push({
      label: say("view.as-facet"),
      run: () => {
        app.change({ facets: [...app.state.settings.facets, v.field] })
        act.setPanel(app, "facets")
      },
    })
  }
  items.push({ label: say("view.find-this"), run: () => act.findValue(app, v.value), ...(v.value === "" ? why : {}) })
  items.push({ label: say("view.copy-value"), run: () => void raw(v.value).then((x) => act.copy(app, x)), ...(v.value === "" ? why : {}) })
  return items
}

// eventItems are what the menu of a row has beside those of the value.
export function eventItems(app: App, row: Row): (MenuItem | "line")[] {
  const { say } = app.state
  const many = app.state.picked.size
  const event = () => (app.state.event?.n === row.n ? app.state.event : undefined)
  const withEvent = async (run: (e: NonNullable<ReturnType<typeof event>>) => void): Promise<void> => {
    if (!event()) await app.loadEvent(row.n)
    const e = event()
    if (e) run(e)
  }
  return [
    "line",
    { label: say("view.same-kind"), run: () => act.sameKind(app, row) },
    { label: say("view.around-minutes", { n: 5 }), run: () => act.around(app, row, 300) },
    { label: say("view.around-computer", { n: 5 }), run: () => act.around(app, row, 300, row.computer) },
    "line",
    ...(many > 1 && app.state.picked.has(row.n) ? [
      { label: say("view.copy-picked-ticket", { n: many }), run: () => void copyPicked(app, "ticket") },
      { label: say("view.copy-picked-table", { n: many }), run: () => void copyPicked(app, "table") },
    ] : []),
    { label: say("view.copy-ticket"), run: () => void withEvent((e) => act.copyEvent(app, e, "ticket")) },
    { label: say("view.copy-line"), run: () => void withEvent((e) => act.copyEvent(app, e, "line")) },
    { label: say("view.copy-xml"), run: () => void withEvent((e) => act.copyEvent(app, e, "xml")) },
    { label: say("view.mark-it"), run: () => void withEvent((e) => act.mark(app, e)) },
  ]
}

export function openMenu(app: App, x: number, y: number, v: ValueMenu, more: (MenuItem | "line")[] = []): void {
  const title = `${fieldName(v.field, app.state.say)}: ${oneLine(v.value, 60)}`
  app.set({ menu: { x, y, title, items: [...valueMenu(app, v), ...more] } })
}

// below is where a menu opens that was asked for by the keyboard or a button.
export const below = (e: Element): [number, number] => {
  const r = e.getBoundingClientRect()
  return [r.left + Math.min(24, r.width / 2), r.bottom - 2]
}
