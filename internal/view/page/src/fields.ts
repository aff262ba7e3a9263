// The fields of an event: what they are called, what a cell shows, and by which condition a value is found.

import { levelKey } from "./copying"
import type { Condition, Event, Row } from "./protocol"
import { readTime, showTime, type Zone } from "./times"
import type { Say } from "./words"

// Columns that can be chosen, besides named values (data.NAME).
export const columns = [
  "level", "time", "id", "provider", "channel", "computer", "message", "source", "record", "findings", "user", "process", "thread", "activity", "task", "opcode", "keywords", "version",
]

export const conditionFields = ["text", "id", "level", "provider", "channel", "computer", "source", "user", "process", "activity", "time", "data", "finding", "where"]

export const facetFields = ["level", "id", "provider", "channel", "computer", "source", "finding", "user", "process"]

const usualWidths: Record<string, number> = {
  level: 116, time: 200, id: 64, provider: 176, channel: 176, computer: 160, message: 560, source: 160, record: 80, findings: 190, user: 220, process: 80, thread: 80,
  activity: 280, task: 70, opcode: 80, keywords: 150, version: 70,
}

// On a screen of a laptop the names give way to the message.
const narrowWidths: Record<string, number> = { provider: 124, channel: 124, computer: 132 }

export function widthOf(column: string, widths: Record<string, number>): number {
  const usual = (typeof window !== "undefined" && window.innerWidth < 1500 ? narrowWidths[column] : undefined) ?? usualWidths[column] ?? 160
  return Math.min(4000, Math.max(36, widths[column] ?? usual))
}

const names: Record<string, string> = {
  level: "view.field-level", time: "view.field-time", id: "view.field-id", provider: "view.field-provider", channel: "view.field-channel", computer: "view.field-computer",
  message: "view.field-message", source: "view.field-source", record: "view.field-record", findings: "view.field-finding", finding: "view.field-finding",
  user: "view.field-user", process: "view.field-process", thread: "view.field-thread", activity: "view.field-activity", task: "view.field-task", opcode: "view.field-opcode",
  keywords: "view.field-keywords", version: "view.field-version", text: "view.field-text", where: "view.field-where", shape: "view.field-shape", around: "view.field-around",
  marked: "view.field-marked", data: "view.field-data",
}

export const fieldName = (field: string, say: Say): string => (field.startsWith("data.") ? field.slice(5) : names[field] ? say(names[field]) : field)

export function cellText(row: Row, column: string, zone: Zone, say: Say, titles: Map<string, string>): string {
  switch (column) {
    case "level": return say(levelKey(row.level))
    case "time": return showTime(row.time, zone, 3)
    case "id": return String(row.id)
    case "record": return String(row.record)
    case "provider": return row.provider
    case "channel": return row.channel
    case "computer": return row.computer
    case "message": return row.message
    case "source": return row.source
    case "findings": return row.findings.map((f) => titles.get(f) ?? f).join("; ")
    default: return row.data?.[column] ?? ""
  }
}

// wanted is the condition that a value of a cell stands for; undefined where there is none.
export function wanted(row: Row, column: string): { field: string; value: string } | undefined {
  switch (column) {
    case "level": return { field: "level", value: String(row.level || 4) }
    case "id": return { field: "id", value: String(row.id) }
    case "provider": return { field: "provider", value: row.provider }
    case "channel": return { field: "channel", value: row.channel }
    case "computer": return { field: "computer", value: row.computer }
    case "source": return { field: "source", value: row.source }
    case "findings": return row.findings[0] ? { field: "finding", value: row.findings[0] } : undefined
    case "user": case "process": case "activity": {
      const value = row.data?.[column]
      return value ? { field: column, value } : undefined
    }
    default:
      if (!column.startsWith("data.")) return undefined
      return row.data?.[column] !== undefined ? { field: column, value: row.data[column]! } : undefined
  }
}

const clip = (text: string, n: number): string => (text.length > n ? text.slice(0, n) + "…" : text)

// describe is a condition in words, for its chip.
export function describe(c: Condition, zone: Zone, say: Say, titles: Map<string, string>): string {
  const value = (v: string): string => {
    switch (c.field) {
      case "level": return say(levelKey(+v))
      case "finding": return titles.get(v) ?? v
      default: return clip(v, 60)
    }
  }
  switch (c.field) {
    case "time": {
      const [from = "", to = ""] = c.values
      const digits = /\.0*Z$/.test(from || to) ? 0 : 3
      if (!from) return say("view.until", { time: showTime(to, zone, digits) })
      if (!to) return say("view.from", { time: showTime(from, zone, digits) })
      const [a, b] = [showTime(from, zone, digits), showTime(to, zone, digits)]
      return `${a} – ${a.slice(0, 10) === b.slice(0, 10) ? b.slice(11) : b}`
    }
    case "around": return say("view.around-chip", { span: span(+(c.values[1] ?? 0), say) })
    case "marked": return say("view.field-marked")
    case "where": return clip(c.values[0] ?? "", 100)
    case "text": return `${say("view.field-text")}: “${clip(c.values[0] ?? "", 80)}”`
    default: {
      const shown = c.values.slice(0, 4).map(value).join(", ") + (c.values.length > 4 ? ` +${c.values.length - 4}` : "")
      return `${fieldName(c.field, say)}: ${shown}`
    }
  }
}

export function span(seconds: number, say: Say): string {
  if (seconds >= 3600) return say("view.hours", { n: seconds / 3600 })
  if (seconds >= 60) return say("view.minutes", { n: seconds / 60 })
  return say("view.seconds", { n: seconds })
}

const levelNames: Record<string, string> = {
  critical: "1", error: "2", warning: "3", information: "4", info: "4", verbose: "5", critique: "1", erreur: "2", avertissement: "3", warn: "3", err: "2", crit: "1",
}

const short: Record<string, string> = { id: "id", level: "level", provider: "provider", channel: "channel", computer: "computer", source: "source", user: "user", process: "process", activity: "activity", finding: "finding" }

const fieldForm = `-?(?:data\\.[^\\s:="]+|where|text|time|${Object.keys(short).join("|")})`
const begins = new RegExp(`(^|[\\s,]+)(${fieldForm})(\\s*)[:=](\\s*)`, "gi")

// A text in quotes that stands for itself, with a minus before it or not; quotes inside of a word are a part of the text.
const quotedText = /(?<=^|[\s,])-?"[^"]+"(?=$|[\s,])/g
const quotedAnywhere = /(?<=^|[\s,:=-])"[^"]+"(?=$|[\s,])/g

// readFilter reads what was typed into the filter box: texts and fields side by side, as "access denied" id:401 level:error.
export function readFilter(typed: string, zone: Zone): Condition[] {
  return pieces(typed).flatMap((piece) => readPiece(piece, zone))
}

// pieces cuts where a field or a text in quotes begins or ends; what stands in quotes is never cut.
function pieces(typed: string): string[] {
  const bare = typed.replace(quotedAnywhere, (q) => '"' + "x".repeat(q.length - 2) + '"')
  const cuts = new Map<number, boolean>() // where a piece begins, and whether it is surely one
  for (const m of typed.matchAll(quotedText)) {
    cuts.set(m.index, true)
    cuts.set(m.index + m[0].length, true)
  }
  // Prose has colons, too: "the data source: SQL" names no log. A field whose colon has a space beside it, behind a text, is one
  // only where its value can be nothing else.
  for (const m of bare.matchAll(begins)) cuts.set(m.index + m[1]!.length, m[3] + m[4]! === "" || /^-?(?:id|level|time|where)$/i.test(m[2]!))
  const out: string[] = []
  let from = 0
  const take = (to: number) => {
    const piece = typed.slice(from, to).replace(/^[\s,]+|[\s,]+$/g, "")
    if (piece) out.push(piece)
    from = to
  }
  for (const [at, sure] of [...cuts].sort(([a], [b]) => a - b)) {
    if (at === 0) continue
    const before = typed.slice(from, at).replace(/^[\s,]+|[\s,]+$/g, "")
    if (/^-?where\s*[:=]/i.test(before)) break // its expression goes to the end
    if (!sure && before && !before.endsWith('"') && readPiece(before, "UTC").at(-1)?.field === "text") continue
    take(at)
  }
  take(typed.length)
  return out
}

// readPiece reads one field with its values, or a text. Behind numbers, levels and times there may be a text.
function readPiece(piece: string, zone: Zone): Condition[] {
  const listed = /^(-?(?:id|level|process|time)\s*[:=])\s*(.+)$/i.exec(piece)
  if (listed) {
    const tokens = listed[2]!.split(/(?<=[\s,])(?=[^\s,])/)
    for (let n = tokens.length; n > 0; n--) {
      const first = readValue(listed[1]!, tokens.slice(0, n).join(""), zone)
      const rest = readQuick(tokens.slice(n).join(""))
      if (first) return rest ? [first, rest] : [first]
    }
  }
  const one = readQuick(piece)
  return one ? [one] : []
}

// readValue reads the values of a field that takes numbers, levels or times alone; undefined if they are none.
function readValue(head: string, typed: string, zone: Zone): Condition | undefined {
  if (!/^-?time/i.test(head)) {
    const one = readQuick(head + typed.trim().split(/[\s,]+/).join(","))
    return one?.field === "text" ? undefined : one
  }
  const text = typed.trim().replace(/,$/, "").replace(/^"(.*)"$/, "$1")
  const [from, to] = text.includes("..") ? text.split("..", 2) : [text, text]
  const values = [from!.trim() && readTime(from!, zone), to!.trim() && readTime(to!, zone, true)]
  if ((from!.trim() && !values[0]) || (to!.trim() && !values[1]) || (!values[0] && !values[1])) return undefined
  return { field: "time", values, ...(head.startsWith("-") ? { exclude: true } : {}) }
}

// readQuick reads one condition: a text that events contain, field:value (several values with commas),
// where: with an expression, and a minus before any of them to hide instead. In quotes it is a text, whatever it looks like.
export function readQuick(typed: string): Condition | undefined {
  const text = typed.trim()
  if (text === "" || text === "-") return undefined
  const exclude = text.startsWith("-") && text.length > 1 ? { exclude: true } : {}
  const rest = text.startsWith("-") ? text.slice(1).trim() : text
  const m = /^(data\.[^:=]+|[a-z]+)\s*[:=]\s*(.+)$/i.exec(rest)
  const name = m?.[1]?.startsWith("data.") ? m[1] : m?.[1]?.toLowerCase()
  if (m && name) {
    const value = m[2]!.trim().replace(/^"(.*)"$/, "$1")
    if (name === "where") return { field: "where", values: [m[2]!.trim()], ...exclude }
    if (name === "text") return { field: "text", values: [value], ...exclude }
    if (name.startsWith("data.")) return { field: name, values: [value], ...exclude }
    if (name === "level") {
      const values = value.split(",").map((v) => levelNames[v.trim().toLowerCase()] ?? (/^[0-5]$/.test(v.trim()) ? v.trim() : ""))
      if (values.every((v) => v !== "")) return { field: "level", values, ...exclude }
    } else if (name === "id" || name === "process") {
      const values = value.split(",").map((v) => v.trim())
      if (values.every((v) => (name === "id" ? /^\d{1,5}(-\d{1,5})?$/ : /^(\d+|0x[\da-f]+)$/i).test(v))) return { field: name, values, ...exclude }
    } else if (short[name]) {
      return { field: name, values: [value], ...exclude }
    }
  }
  return { field: "text", values: [rest.replace(/^"(.+)"$/, "$1")], ...exclude }
}

// eventValues are the fields of an event for the details, each with the condition that finds it.
export function eventValues(e: Event, zone: Zone, say: Say): { field: string; value: string; raw: string }[] {
  const of = (field: string, value: string | number | undefined, raw = String(value ?? "")) => ({ field, value: String(value ?? ""), raw })
  return [
    of("level", say(levelKey(e.level)), String(e.level || 4)), of("time", showTime(e.time, zone, 7), e.time), of("id", e.id), of("provider", e.provider), of("channel", e.channel),
    of("computer", e.computer), of("user", e.user), of("process", e.process || ""), of("thread", e.thread || ""), of("activity", e.activity), of("related_activity", e.related_activity),
    of("task", e.task), of("opcode", e.opcode), of("keywords", e.keyword_names?.length ? `${e.keyword_names.join(", ")} (${e.keywords})` : e.keywords), of("version", e.version), of("qualifiers", e.qualifiers || ""), of("provider_guid", e.provider_guid),
    of("source", e.source), of("bundle", e.bundle), of("record", e.record), of("recovered", e.recovered ? say("view.yes") : ""),
  ].filter((f) => f.value !== "" && f.value !== "undefined")
}
