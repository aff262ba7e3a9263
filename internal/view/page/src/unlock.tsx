// An encrypted bundle in gwlogs.html wants its key: from its file, or pasted. The key stays in this page, and goes with it.

import { useRef, useState } from "preact/hooks"
import { asEngineError, type App } from "./app"
import { isKey } from "./dropped"
import { visible } from "./visible"

export function Unlock({ app }: { app: App }) {
  const { say, status, hello } = app.state
  const [wrong, setWrong] = useState("")
  const [busy, setBusy] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const locked = (status?.sources ?? []).filter((s) => s.locked)
  if (hello?.mode !== "file" || locked.length === 0) return null
  const unlock = async (key: string) => {
    if (!isKey(key)) return setWrong(say("view.unlock-none"))
    setBusy(true)
    setWrong("")
    try {
      await app.unlock(key)
      const left = (app.state.status?.sources ?? []).some((s) => s.locked)
      if (left) setWrong(say("view.unlock-other"))
      if (field.current) field.current.value = ""
    } catch (e) {
      const error = asEngineError(e)
      setWrong([error.message, error.hint].filter(Boolean).join(". "))
    }
    setBusy(false)
  }
  return (
    <form class="banner unlock" aria-label={say("view.unlock")} onSubmit={(e) => { e.preventDefault(); void unlock(field.current?.value ?? "") }}>
      <p><b>{say("view.unlock-what", { name: visible(locked[0]!.name), n: locked.length })}</b> {say("view.unlock-how")}</p>
      <p class="acts">
        <button type="button" class="button primary" disabled={busy} onClick={() => file.current?.click()}>{say("view.unlock-file")}</button>
        <input ref={file} class="unseen" id="keyfile" type="file" tabIndex={-1} aria-label={say("view.unlock-file")} onChange={(e) => void e.currentTarget.files?.[0]?.text().then(unlock)} />
        <label>{say("view.unlock-paste")} <input ref={field} id="key" type="password" autocomplete="off" spellcheck={false} placeholder="AGE-SECRET-KEY-1…" /></label>
        <button class="button" disabled={busy}>{say("view.unlock")}</button>
      </p>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
    </form>
  )
}
