// Texts of a log on the screen: always text nodes (Preact makes no other), and with nothing in them that the reader cannot
// see. What is copied stays as it is in the log.

const pictures: Record<number, string> = { 0x7f: "␡", 0x85: "␤", 0x2028: "␤", 0x2029: "␤" }

// Invisible characters, and those that turn the direction of writing around: a name can pretend to be another with them.
const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const show = (c: string): string => {
  const code = c.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return pictures[code] ?? `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`
}

// visible shows what is hidden; line ends and tabs stay.
export const visible = (text: string): string => text.replace(hidden, show)

// oneLine is for a cell of the list: line ends are shown as a sign, tabs are a space.
export const oneLine = (text: string, longest = 600): string =>
  visible((text.length > longest ? text.slice(0, longest) + "…" : text).replace(/\r\n|[\r\n]/g, " ⏎ ").replace(/\t/g, " "))

// parts cuts a text where a search finds something in it: every second part is found. Capitals do not matter.
export function parts(text: string, search: string): string[] {
  if (search === "") return [text]
  const out: string[] = []
  const low = text.toLowerCase()
  const want = search.toLowerCase()
  if (low.length !== text.length) return [text]
  let from = 0
  for (let at = low.indexOf(want); at >= 0; at = low.indexOf(want, from)) {
    out.push(text.slice(from, at), text.slice(at, at + want.length))
    from = at + want.length
  }
  out.push(text.slice(from))
  return out
}
