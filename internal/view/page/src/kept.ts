// What outlives the page: settings of the reader, saved filters, marks and notes. The server keeps them, for its port, and with
// it the browser's own store, is another one each time; gwlogs.html has only the browser's.

import type { Condition } from "./protocol"

export interface SavedFilter {
  name: string
  conditions: Condition[]
}

export interface Settings {
  theme: "" | "light" | "dark"
  lang: string
  zone: string
  dock: "auto" | "right" | "bottom"
  side: number // width of the left panel, in pixels
  details: number // size of the details, in pixels
  timeline: boolean
  facets: string[]
  saved: SavedFilter[]
}

export const usualFacets = ["level", "id", "provider", "computer", "channel", "source", "finding", "user"]

export const usualSettings = (): Settings => ({
  theme: "", lang: "", zone: "", dock: "auto", side: 340, details: 0, timeline: true, facets: usualFacets, saved: [],
})

export interface MarkOf {
  note: string
  n?: number // its number in this engine, once it was found
}

// Marks are by the ref of their event.
export type Marks = Record<string, MarkOf>

const objectIn = (text: string): Record<string, unknown> => {
  try {
    const v: unknown = JSON.parse(text)
    return v && typeof v === "object" && !Array.isArray(v) ? (v as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const strings = (v: unknown): string[] => (Array.isArray(v) ? v.filter((s): s is string => typeof s === "string") : [])

export function conditionsIn(v: unknown): Condition[] {
  if (!Array.isArray(v)) return []
  return v.flatMap((c: Partial<Condition> | null) => {
    if (!c || typeof c.field !== "string" || strings(c.values).length === 0) return []
    return [{ field: c.field, values: strings(c.values), ...(c.exclude === true ? { exclude: true } : {}), ...(c.off === true ? { off: true } : {}) }]
  })
}

// readSettings takes what it knows out of a text that may be of an older page, or of nobody.
export function readSettings(text: string): Settings {
  const o = objectIn(text)
  const s = usualSettings()
  if (o.theme === "light" || o.theme === "dark") s.theme = o.theme
  if (typeof o.lang === "string") s.lang = o.lang
  if (typeof o.zone === "string") s.zone = o.zone
  if (o.dock === "right" || o.dock === "bottom") s.dock = o.dock
  if (typeof o.side === "number") s.side = Math.min(1200, Math.max(200, o.side))
  if (typeof o.details === "number") s.details = Math.min(1600, Math.max(0, o.details))
  if (typeof o.timeline === "boolean") s.timeline = o.timeline
  if (strings(o.facets).length > 0) s.facets = strings(o.facets).slice(0, 30)
  if (Array.isArray(o.saved)) {
    s.saved = o.saved.flatMap((f: Partial<SavedFilter> | null) => (f && typeof f.name === "string" && f.name ? [{ name: f.name, conditions: conditionsIn(f.conditions) }] : []))
  }
  return s
}

export function readMarks(text: string): Marks {
  const out: Marks = {}
  for (const [ref, m] of Object.entries(objectIn(text))) {
    const note = (m as { note?: unknown } | null)?.note
    if (ref.split("|").length >= 3) out[ref] = { note: typeof note === "string" ? note : "" }
  }
  return out
}

export const writeMarks = (marks: Marks): string =>
  JSON.stringify(Object.fromEntries(Object.entries(marks).map(([ref, m]) => [ref, { note: m.note }])))
