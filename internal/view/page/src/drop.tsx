// Where gwlogs.html gets its logs from: dropped on the page, or chosen. They are read in this page, and sent nowhere.

import { useEffect, useRef, useState } from "preact/hooks"
import { asEngineError, type App } from "./app"
import { useStore } from "./store"

// filesOf are the files of a drop, those inside of folders too.
async function filesOf(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((i) => i.webkitGetAsEntry?.()).filter((e): e is FileSystemEntry => Boolean(e))
  if (entries.length === 0) return [...data.files]
  const out: File[] = []
  const walk = async (e: FileSystemEntry, depth: number): Promise<void> => {
    if (out.length >= 5000 || depth > 20) return
    if (e.isFile) {
      out.push(await new Promise<File>((ok, no) => (e as FileSystemFileEntry).file(ok, no)))
      return
    }
    const reader = (e as FileSystemDirectoryEntry).createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no))
      if (some.length === 0) return
      for (const x of some) await walk(x, depth + 1)
    }
  }
  for (const e of entries) await walk(e, 0)
  return out
}

export function Drop({ app }: { app: App }) {
  const { say } = useStore(app)
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState("")
  const input = useRef<HTMLInputElement>(null)
  const open = async (files: File[]) => {
    if (files.length === 0) return
    setBusy(true)
    setWrong("")
    try {
      await app.open(files)
    } catch (e) {
      const error = asEngineError(e)
      setWrong([error.message, error.hint].filter(Boolean).join(". "))
    }
    setBusy(false)
  }
  useEffect(() => {
    const stop = (e: DragEvent) => e.preventDefault()
    window.addEventListener("dragover", stop)
    window.addEventListener("drop", stop)
    return () => {
      window.removeEventListener("dragover", stop)
      window.removeEventListener("drop", stop)
    }
  }, [])
  return (
    <main
      class={"drop" + (over ? " over" : "")} onDragOver={(e) => { e.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)}
      onDrop={(e) => { e.preventDefault(); setOver(false); if (e.dataTransfer) void filesOf(e.dataTransfer).then(open) }}
    >
      <div>
        <h1>gwlogs</h1>
        <p class="big">{say("view.drop")}</p>
        <p><button class="button primary" onClick={() => input.current?.click()} disabled={busy}>{say(busy ? "view.opening" : "view.choose-files")}</button></p>
        <input ref={input} class="unseen" id="files" type="file" multiple accept=".evtx,.zip,.age,.xml,.json,.csv,.log,.txt" tabIndex={-1} aria-label={say("view.choose-files")} onChange={(e) => void open([...(e.currentTarget.files ?? [])])} />
        <p class="light">{say("view.stays-here")}</p>
        {!busy && app.hasKey && <p role="status">{say("view.key-taken")}</p>}
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
      </div>
    </main>
  )
}

// Dropped takes further files while a log is shown.
export function Dropped({ app }: { app: App }) {
  useEffect(() => {
    const over = (e: DragEvent) => { if (e.dataTransfer?.types.includes("Files")) e.preventDefault() }
    const drop = (e: DragEvent) => {
      if (!e.dataTransfer?.types.includes("Files")) return
      e.preventDefault()
      void filesOf(e.dataTransfer).then((files) => app.open(files)).catch((x: unknown) => app.tell(asEngineError(x).message))
    }
    window.addEventListener("dragover", over)
    window.addEventListener("drop", drop)
    return () => {
      window.removeEventListener("dragover", over)
      window.removeEventListener("drop", drop)
    }
  }, [])
  return <footer class="stays">{app.state.say("view.stays-here-short")}</footer>
}
