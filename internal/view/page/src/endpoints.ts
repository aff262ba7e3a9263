// The order of the addresses for the firewall.

import type { Endpoint } from "./protocol"

export type By = "address" | "count" | "first" | "last"

// usual is the direction that a column is looked at first: most times, what was refused first, what was refused last, by name.
export const usual: Record<By, 1 | -1> = { address: 1, count: -1, first: 1, last: -1 }

// placeOf is an address with its port as logs write it: that of IPv6 in brackets.
export const placeOf = (e: Endpoint): string => (e.address.includes(":") ? `[${e.address}]:${e.port}` : `${e.address}:${e.port}`)

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" })

// A name is compared from its domain on, so that the hosts of one stand together; numbers come behind the names, as numbers.
function addressKey(address: string): string {
  return /^[\d.]+$/.test(address) || address.includes(":") ? "\uffff" + address : address.split(".").reverse().join(".")
}

const byAddress = (a: Endpoint, b: Endpoint): number => {
  const [x, y] = [addressKey(a.address), addressKey(b.address)]
  const number = (k: string): number => (k.startsWith("\uffff") ? 1 : 0)
  return number(x) - number(y) || collator.compare(x, y) || a.port - b.port
}

// sortEndpoints orders by a column; what is equal in it by how often and by address, and what has nothing in it comes last, whichever way.
export function sortEndpoints(all: Endpoint[], by: By, direction: 1 | -1): Endpoint[] {
  const of = (a: Endpoint, b: Endpoint): number => {
    if (by === "address") return direction * byAddress(a, b)
    if (by === "count") return direction * ((a.events ?? a.count) - (b.events ?? b.count))
    const [x, y] = [a[by] ?? "", b[by] ?? ""]
    if (!x || !y) return x ? -1 : y ? 1 : 0
    return direction * (x < y ? -1 : x > y ? 1 : 0)
  }
  return [...all].sort((a, b) => of(a, b) || (by === "count" ? 0 : (b.events ?? b.count) - (a.events ?? a.count)) || byAddress(a, b))
}
