// The geometry of the timeline.

import type { Mark, Series, Timeline } from "./protocol"

export interface Span {
  from: number
  to: number
}

export const spanOf = (t: Timeline): Span => ({ from: Date.parse(t.from), to: Date.parse(t.to) })

export const buckets = (t: Timeline): number => Math.max(0, ...t.series.map((s) => s.counts.length))

// bucketTimes are when a bucket begins and ends.
export function bucketTimes(t: Timeline, i: number): Span {
  const { from } = spanOf(t)
  return { from: from + i * t.step_seconds * 1000, to: from + (i + 1) * t.step_seconds * 1000 }
}

export function highestStack(series: Series[], n: number): number {
  let most = 0
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (const s of series) sum += s.counts[i] ?? 0
    most = Math.max(most, sum)
  }
  return most
}

// height is a bar's, of a stack: by the square root, so that few errors beside many heartbeats can be seen; never below a pixel.
export const height = (count: number, most: number, room: number): number => (count === 0 || most === 0 ? 0 : Math.max(1, Math.sqrt(count / most) * room))

// bars are the outlines of a series' bars, as an SVG path; the whole stack has the height of its sum, and each series its share.
export function bars(series: Series[], which: number, n: number, width: number, room: number, most: number): string {
  const w = width / n
  const gap = w > 4 ? 1 : 0
  let path = ""
  for (let i = 0; i < n; i++) {
    const count = series[which]!.counts[i] ?? 0
    if (count === 0) continue
    let sum = 0
    let under = 0
    for (let k = 0; k < series.length; k++) {
      const c = series[k]!.counts[i] ?? 0
      if (k < which) under += c
      sum += c
    }
    const whole = height(sum, most, room)
    const y = room - (under / sum) * whole
    const h = Math.max((count / sum) * whole, 0.75)
    path += `M${(i * w).toFixed(2)} ${y.toFixed(2)}h${(w - gap).toFixed(2)}v${(-h).toFixed(2)}h${(gap - w).toFixed(2)}z`
  }
  return path
}

export const xOf = (span: Span, at: number, width: number): number => ((at - span.from) / (span.to - span.from || 1)) * width
export const timeAt = (span: Span, x: number, width: number): number => span.from + (x / (width || 1)) * (span.to - span.from)

export interface Cluster {
  x: number
  marks: Mark[]
}

const worst = ["critical", "high", "medium", "low", "informational"]
export const severityRank = (s: string): number => (worst.indexOf(s) + worst.length + 1) % (worst.length + 1)

// clusters gathers marks that would lie over one another; the worst comes first in each.
export function clusters(marks: Mark[], span: Span, width: number, apart = 14): Cluster[] {
  const out: Cluster[] = []
  const sorted = marks.filter((m) => m.first).map((m) => ({ m, at: Date.parse(m.first) })).filter(({ at }) => at >= span.from && at <= span.to).sort((a, b) => a.at - b.at)
  for (const { m, at } of sorted) {
    const x = xOf(span, at, width)
    const last = out.at(-1)
    if (last && x - last.x < apart) last.marks.push(m)
    else out.push({ x, marks: [m] })
  }
  for (const c of out) c.marks.sort((a, b) => severityRank(a.severity) - severityRank(b.severity))
  return out
}
