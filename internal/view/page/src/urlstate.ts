// The state of the page in the fragment of its address, beside the token: whoever opens the same logs with it sees the
// same. What is as it was at first is left out.

import type { Condition, Order, TimelineBy } from "./protocol"
import type { Zone } from "./times"

export interface Shared {
  conditions: Condition[]
  lenses: Condition[]
  suspended: boolean
  order: Order
  columns: string[]
  widths: Record<string, number>
  zone: Zone
  selected: string // ref of an event
  find: string
  by: TimelineBy
  zoom: [string, string]
  panel: string
  finding: string
}

export const usualColumns = ["level", "time", "id", "provider", "computer", "message"]

export const initial = (): Shared => ({
  conditions: [], lenses: [], suspended: false, order: "newest", columns: usualColumns, widths: {}, zone: "local", selected: "", find: "",
  by: "level", zoom: ["", ""], panel: "findings", finding: "",
})

const bys: TimelineBy[] = ["level", "provider", "id", "computer", "channel", "source"]
const longest = 32_000 // of a fragment that is read; what browsers take differs, this all do

export function tokenOf(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("t") ?? ""
}

export function encode(s: Shared, token = ""): string {
  const first = initial()
  const p = new URLSearchParams()
  if (token) p.set("t", token)
  for (const c of s.conditions) p.append("c", encodeCondition(c))
  for (const c of s.lenses) p.append("l", encodeCondition(c))
  if (s.suspended) p.set("all", "1")
  if (s.order !== first.order) p.set("order", s.order)
  if (s.columns.join() !== first.columns.join()) for (const c of s.columns) p.append("col", c)
  for (const [c, w] of Object.entries(s.widths)) p.append("w", `${w}~${c}`)
  if (s.zone !== first.zone) p.set("zone", s.zone)
  if (s.selected) p.set("event", s.selected)
  if (s.find) p.set("find", s.find)
  if (s.by !== first.by) p.set("by", s.by)
  if (s.zoom[0] || s.zoom[1]) p.set("zoom", s.zoom.join("~"))
  if (s.panel !== first.panel) p.set("panel", s.panel)
  if (s.finding) p.set("problem", s.finding)
  return p.toString()
}

// A condition is +field|value|value, - for exclude, o before it when it is off, a when it goes with the one before; ~0 and ~1 stand for ~ and | in them.
const escape = (v: string): string => v.replaceAll("~", "~0").replaceAll("|", "~1")
const unescape = (v: string): string => v.replace(/~([01])/g, (_, d) => (d === "0" ? "~" : "|"))

export const encodeCondition = (c: Condition): string => (c.off ? "o" : "") + (c.also ? "a" : "") + (c.exclude ? "-" : "+") + [c.field, ...c.values].map(escape).join("|")

export function decodeCondition(text: string): Condition | undefined {
  const m = /^(o?)(a?)([-+])([^]*)$/.exec(text)
  if (!m) return undefined
  const [field, ...values] = m[4]!.split("|").map(unescape)
  if (!field || values.length === 0) return undefined
  return { field, values, ...(m[3] === "-" ? { exclude: true } : {}), ...(m[1] ? { off: true } : {}), ...(m[2] ? { also: true } : {}) }
}

// decode reads a fragment; what it does not understand is left as it is at first.
export function decode(fragment: string, first: Shared = initial()): Shared {
  const p = new URLSearchParams(fragment.replace(/^#/, "").slice(0, longest))
  const conditions = (key: string): Condition[] => p.getAll(key).flatMap((c) => decodeCondition(c) ?? [])
  const widths: Record<string, number> = { ...first.widths }
  for (const w of p.getAll("w")) {
    const m = /^(\d{1,4})~(.+)$/.exec(w)
    if (m) widths[m[2]!] = +m[1]!
  }
  const columns = p.getAll("col").filter((c) => c !== "")
  const zoom = (p.get("zoom") ?? "").split("~")
  const order = p.get("order")
  const by = p.get("by")
  return {
    conditions: conditions("c"),
    lenses: conditions("l"),
    suspended: p.get("all") === "1",
    order: order === "oldest" || order === "newest" ? order : first.order,
    columns: columns.length > 0 ? [...new Set(columns)].slice(0, 40) : first.columns,
    widths,
    zone: p.get("zone") ?? first.zone,
    selected: p.get("event") ?? "",
    find: p.get("find") ?? "",
    by: bys.find((b) => b === by) ?? first.by,
    zoom: [zoom[0] ?? "", zoom[1] ?? ""],
    panel: p.get("panel") ?? first.panel,
    finding: p.get("problem") ?? "",
  }
}
