// Conditions and what one does with them. The page keeps those that are switched off; the engine never sees them.

import type { Condition, Filter } from "./protocol"

// Fields of which a further value is an alternative in the same chip; of the others each value is a condition of its own.
const gathered = new Set(["level", "id", "provider", "channel", "computer", "source", "user", "process", "activity", "finding", "shape", "task", "opcode"])

export const gathers = (field: string): boolean => gathered.has(field) || field.startsWith("data.")

const same = (a: Condition, b: Condition): boolean => a.field === b.field && Boolean(a.exclude) === Boolean(b.exclude)

// add gives the conditions with one more value: in the chip of the same field and sense where there is one. The opposite
// of it goes, and so does what it makes pointless.
export function add(conditions: Condition[], field: string, value: string, exclude = false): Condition[] {
  const opposite = drop(conditions, field, value, !exclude)
  if (!gathers(field)) {
    const one = makeCondition(field, [value], exclude)
    return opposite.some((c) => same(c, one) && !c.off && c.values[0] === value) ? opposite : [...opposite, one]
  }
  const at = opposite.findIndex((c) => c.field === field && Boolean(c.exclude) === exclude && !c.off)
  if (at < 0) return [...opposite, makeCondition(field, [value], exclude)]
  const c = opposite[at]!
  return c.values.includes(value) ? opposite : opposite.with(at, { ...c, values: [...c.values, value] })
}

// drop takes a value out of the conditions of its field and sense; a chip without values goes.
export function drop(conditions: Condition[], field: string, value: string, exclude = false): Condition[] {
  return conditions.flatMap((c) => {
    if (c.field !== field || Boolean(c.exclude) !== exclude || !c.values.includes(value)) return [c]
    const values = c.values.filter((v) => v !== value)
    return values.length > 0 && gathers(field) ? [{ ...c, values }] : []
  })
}

// only makes a value the one that is wanted of its field.
export const only = (conditions: Condition[], field: string, value: string): Condition[] => [
  ...conditions.filter((c) => c.field !== field || c.off || (c.exclude && !c.values.includes(value))),
  makeCondition(field, [value], false),
]

// toggle is a click in a facet: in if it was not, out if it was.
export function toggle(conditions: Condition[], field: string, value: string, exclude = false): Condition[] {
  return has(conditions, field, value, exclude) ? drop(conditions, field, value, exclude) : add(conditions, field, value, exclude)
}

export const has = (conditions: Condition[], field: string, value: string, exclude = false): boolean =>
  conditions.some((c) => !c.off && c.field === field && Boolean(c.exclude) === exclude && c.values.includes(value))

// setRange is the one condition of time; none when both ends are open.
export function setRange(conditions: Condition[], from: string, to: string): Condition[] {
  const rest = conditions.filter((c) => c.field !== "time" || c.off || c.exclude)
  return from || to ? [...rest, makeCondition("time", [from, to], false)] : rest
}

export const range = (conditions: Condition[]): [string, string] => {
  const c = conditions.find((c) => c.field === "time" && !c.off && !c.exclude)
  return [c?.values[0] ?? "", c?.values[1] ?? ""]
}

export const makeCondition = (field: string, values: string[], exclude = false): Condition => ({ field, values, ...(exclude ? { exclude } : {}) })

// looks are the lenses by what was asked for at once.
export function looks(lenses: Condition[]): Condition[][] {
  const out: Condition[][] = []
  for (const c of lenses) {
    if (c.also && out.length > 0) out.at(-1)!.push(c)
    else out.push([c])
  }
  return out
}

// last are the conditions that were asked for last: the last look, or the last condition that holds.
export function last(conditions: Condition[], lenses: Condition[]): Condition[] {
  const look = looks(lenses).at(-1)
  if (look) return look
  const c = conditions.findLast((c) => !c.off)
  return c ? [c] : []
}

export const at = (conditions: Condition[], i: number, change: (c: Condition) => Condition | undefined): Condition[] =>
  conditions.flatMap((c, j) => (i === j ? (change(c) ?? []) : c))

export const invert = (c: Condition): Condition => makeCondition(c.field, c.values, !c.exclude)
export const switchOff = (c: Condition): Condition => {
  const { off, ...rest } = c
  return off ? rest : { ...rest, off: true }
}

// toEngine is the filter as the engine wants it: what holds now, and the lenses over it. Marks are known to the page alone.
export function toEngine(conditions: Condition[], lenses: Condition[], suspended: boolean, marks: number[]): Filter {
  const all = suspended ? [] : [...conditions.filter((c) => !c.off), ...lenses]
  return { conditions: all.map(({ also: _, ...c }) => (c.field === "marked" ? { ...c, values: marks.map(String) } : c)) }
}
