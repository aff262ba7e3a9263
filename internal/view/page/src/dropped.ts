// What was dropped on the page: logs, and keys of encrypted bundles, as age-keygen writes them.

const longestKey = 64 << 10

export const isKey = (text: string): boolean => /^\s*AGE-SECRET-KEY-1/m.test(text)

// sortDropped tells keys from logs by what is in them.
export async function sortDropped(files: File[]): Promise<{ logs: File[]; identity: string }> {
  const logs: File[] = []
  const keys: string[] = []
  for (const f of files) {
    const text = f.size <= longestKey && !/\.(evtx|zip|age|gz)$/i.test(f.name) ? await f.text().catch(() => "") : ""
    if (isKey(text)) keys.push(text)
    else logs.push(f)
  }
  return { logs, identity: keys.join("\n") }
}
