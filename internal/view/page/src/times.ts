// Times: the engine's are UTC with seven digits; the reader chooses the zone they are shown in.

export type Zone = string // "UTC", "local", or a name of the IANA list

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: Zone): Intl.DateTimeFormat {
  let f = formats.get(zone)
  if (!f) {
    f = new Intl.DateTimeFormat("en-CA", {
      ...(zone === "local" ? {} : { timeZone: zone }),
      hourCycle: "h23",
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    })
    formats.set(zone, f)
  }
  return f
}

export function knownZone(zone: Zone): boolean {
  if (zone === "local") return true
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone })
    return true
  } catch {
    return false
  }
}

export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"
export const zoneName = (zone: Zone): string => (zone === "local" ? localZone() : zone)

function fields(ms: number, zone: Zone): Record<string, string> {
  const out: Record<string, string> = {}
  for (const p of formatOf(zone).formatToParts(ms)) out[p.type] = p.value
  return out
}

// showTime is 2026-11-23 14:05:09.123, with as many digits of the fraction as asked for (of the seven there are).
export function showTime(time: string | null | undefined, zone: Zone, digits = 3): string {
  if (!time) return ""
  const ms = Date.parse(time)
  if (Number.isNaN(ms)) return time
  const fraction = (/\.(\d+)/.exec(time)?.[1] ?? "").padEnd(7, "0").slice(0, digits)
  const tail = digits > 0 ? "." + fraction : ""
  if (zone === "UTC") return time.slice(0, 10) + " " + time.slice(11, 19) + tail
  const f = fields(ms, zone)
  return `${f.year}-${f.month}-${f.day} ${f.hour}:${f.minute}:${f.second}${tail}`
}

// offset is how far a zone is from UTC at a moment, in minutes.
export function offset(ms: number, zone: Zone): number {
  if (zone === "UTC") return 0
  const f = fields(ms, zone)
  const there = Date.UTC(+f.year!, +f.month! - 1, +f.day!, +f.hour!, +f.minute!, +f.second!)
  return Math.round((there - Math.floor(ms / 1000) * 1000) / 60000)
}

export function showOffset(ms: number, zone: Zone): string {
  const m = offset(ms, zone)
  const a = Math.abs(m)
  return `UTC${m < 0 ? "−" : "+"}${String(Math.floor(a / 60)).padStart(2, "0")}:${String(a % 60).padStart(2, "0")}`
}

// readTime reads what somebody typed, in their zone: 2026-11, 2026-11-23, 2026-11-23 14:05, …:09.5, or with a Z. "" if it is no time.
export function readTime(typed: string, zone: Zone, end = false): string {
  const month = /^\s*(\d{4})-(\d{1,2})\s*$/.exec(typed)
  if (month) return readTime(`${month[1]}-${month[2]}-${end ? new Date(Date.UTC(+month[1]!, +month[2]!, 0)).getUTCDate() : 1}`, zone, end)
  const m = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,7}))?)?)?\s*(Z|UTC)?\s*$/i.exec(typed)
  if (!m) return ""
  const whole = end && m[4] === undefined ? 86_399 : end && m[6] === undefined ? 59 : 0
  const wall = Date.UTC(+m[1]!, +m[2]! - 1, +m[3]!, +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0)) + whole * 1000
  const back = new Date(wall)
  if (back.getUTCMonth() !== +m[2]! - 1 || back.getUTCDate() !== +m[3]!) return ""
  let ms = wall
  if (!m[8] && zone !== "UTC") {
    ms = wall - offset(wall, zone) * 60000
    ms = wall - offset(ms, zone) * 60000 // once more, for the hours beside a change of the clock
  }
  const fraction = m[7] ? m[7].padEnd(7, "0") : end && m[6] === undefined ? "9999999" : "0000000"
  return new Date(ms).toISOString().slice(0, 19) + "." + fraction + "Z"
}

export const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 23) + "0000Z"

// nice are the places of an axis: round times, not more than asked for.
export function nice(from: number, to: number, most: number, zone: Zone): { at: number; label: string }[] {
  const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 15552000, 31536000, 157680000]
  const span = (to - from) / 1000
  if (!(span > 0)) return []
  const step = (steps.find((s) => span / s <= most) ?? steps[steps.length - 1]!) * 1000
  const shift = offset(from, zone) * 60000
  const out: { at: number; label: string }[] = []
  for (let at = Math.ceil((from + shift) / step) * step - shift; at <= to; at += step) {
    const text = showTime(iso(at), zone, 0)
    const label = step >= 86_400_000 ? text.slice(0, 10) : text.slice(11, 19) === "00:00:00" ? text.slice(5, 10) : step >= 60_000 ? text.slice(11, 16) : text.slice(11, 19)
    out.push({ at, label })
  }
  return out
}
