// What goes to the clipboard: raw texts of the log, in forms that tickets, tables and programs take.

import type { Endpoint, Event, Row } from "./protocol"
import { showOffset, showTime, type Zone } from "./times"
import type { Say } from "./words"

const levels = ["level.information", "level.critical", "level.error", "level.warning", "level.information", "level.verbose"]
export const levelKey = (level: number): string => levels[level] ?? "level.information"

const plain = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, " ")

// line is one event in one line.
export const line = (e: Row | Event, zone: Zone, say: Say): string =>
  [showTime(e.time, zone, 3), say(levelKey(e.level)), e.id, e.provider, e.computer, plain(e.message)].join("  ")

// ticket is the block of an event for a ticket, with the note that somebody made of it.
// Its time is the one that is on the screen, with how far it is from UTC; the log is named, for there are often several.
export function ticket(e: Event, note: string | undefined, zone: Zone, say: Say): string {
  const problems = e.findings.map((f) => f.title).join("; ")
  const head = /^(time: +)[^\n]*\n/.exec(e.text)
  const time = head && e.time ? `${head[1]}${showTime(e.time, zone, 7)} ${zone === "UTC" ? "UTC" : showOffset(Date.parse(e.time), zone)}\n` : (head?.[0] ?? "")
  return [
    `${time}${"log:".padEnd(head?.[1]!.length ?? 5)}${plain([e.bundle.split(/[\\/]/).at(-1), e.source].filter(Boolean).join("/"))}`,
    e.text.slice(head?.[0].length ?? 0).trimEnd(),
    problems && say("view.ticket-problem", { title: problems }),
    note && say("view.ticket-note", { note }),
  ].filter(Boolean).join("\n") + "\n"
}

// A cell that a spreadsheet would take for a formula is made text by an apostrophe before it.
const noFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? "'" + text : text)

export const csvCell = (text: string | number): string => {
  const s = typeof text === "string" ? noFormula(text) : String(text)
  return /[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s
}

export const csv = (rows: (string | number)[][]): string => rows.map((r) => r.map(csvCell).join(",") + "\r\n").join("")
export const tsv = (rows: (string | number)[][]): string => rows.map((r) => r.map((c) => plain(String(c)).replaceAll("\t", " ")).join("\t") + "\n").join("")

export const endpointRows = (all: Endpoint[]): (string | number)[][] => [
  ["address", "port", "protocol", "times", "first", "last", "computers"],
  ...all.map((e) => [e.address, e.port, "TCP", e.count, e.first ?? "", e.last ?? "", e.computers.join(" ")]),
]

// rowsAsTable is for a spreadsheet: it takes no cell for a formula.
export const rowsAsTable = (head: string[], rows: string[][]): string => tsv([head, ...rows.map((r) => r.map(noFormula))])
