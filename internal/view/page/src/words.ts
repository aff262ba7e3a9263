// The sentences of internal/words, which the engine hands over as they stand there: templates of Go. The page fills in the
// few forms that occur: {{.n}}, {{thousands .n}}, {{if eq .n 1}}, {{if .x}}, {{else if …}}, {{else}}, {{end}}.

export type Values = Record<string, string | number>

export interface Say {
  (key: string, values?: Values): string
  thousands(n: number | string): string
}

// grouped writes a number in groups of three digits, as the language does.
export const grouped = (n: number | string, between: string): string => String(n).replace(/\B(?=(\d{3})+$)/g, between)
const between: Record<string, string> = { en: ",", fr: "\u202f" }

type Node = { text: string } | { name: string; thousands: boolean } | { tests: { test: string; then: Node[] }[]; otherwise: Node[] }

export function fill(template: string, values: Values, thousands: Say["thousands"] = (n) => grouped(n, ",")): string {
  const parts = template.split(/(\{\{.*?\}\})/)
  let at = 0
  const list = (): [Node[], string] => {
    const nodes: Node[] = []
    while (at < parts.length) {
      const part = parts[at++]!
      if (!part.startsWith("{{")) {
        nodes.push({ text: part })
        continue
      }
      const action = part.slice(2, -2).trim()
      if (action === "end" || action.startsWith("else")) return [nodes, action]
      if (action.startsWith("if ")) nodes.push(branch(action.slice(3)))
      else nodes.push({ name: action.slice(action.lastIndexOf(".") + 1), thousands: action.startsWith("thousands") })
    }
    return [nodes, "end"]
  }
  const branch = (first: string): Node => {
    const tests: { test: string; then: Node[] }[] = []
    let test = first
    for (;;) {
      const [then, ended] = list()
      tests.push({ test, then })
      if (ended === "end") return { tests, otherwise: [] }
      if (ended === "else") return { tests, otherwise: list()[0] }
      test = ended.slice("else if ".length)
    }
  }
  const value = (word: string): string | number | undefined => (word.startsWith(".") ? values[word.slice(1)] : /^".*"$/.test(word) ? word.slice(1, -1) : Number(word))
  const holds = (test: string): boolean => {
    const [op, a, b] = test.split(" ")
    if (op === "not") return !value(a!)
    if (op === "eq") return String(value(a!)) === String(value(b!))
    if (op === "ne") return String(value(a!)) !== String(value(b!))
    return Boolean(value(op!))
  }
  const print = (nodes: Node[]): string =>
    nodes
      .map((n) => {
        if ("text" in n) return n.text
        if ("name" in n) return n.thousands ? thousands(values[n.name] ?? "") : String(values[n.name] ?? "")
        return print(n.tests.find((t) => holds(t.test))?.then ?? n.otherwise)
      })
      .join("")
  return print(list()[0])
}

export function sayIn(words: Record<string, string>, lang = "en"): Say {
  const thousands = (n: number | string): string => grouped(n, between[lang] ?? ",")
  const say = (key: string, values?: Values): string => {
    const text = words[key]
    if (text === undefined) return key
    return text.includes("{{") ? fill(text, values ?? {}, thousands) : text
  }
  return Object.assign(say, { thousands })
}
