// The page without its token, or with that of a session that has ended: what to do. The server sends the sentences along with its refusal.

import { useEffect, useRef, useState } from "preact/hooks"
import { sayIn } from "./words"

// addressOf is where the page goes with what was pasted: the address that gwlogs view has printed, a part of it, or the token alone. What
// else the page's own address says, of a colleague's link perhaps, stays. undefined: it is no address of gwlogs view.
export function addressOf(pasted: string, here: { origin: string; hash: string }): string | undefined {
  const m = /^(?:(https?:\/\/(?:127\.0\.0\.1|localhost):\d{1,5})\/?)?#?(?:[^\s]*?&)?(?:t=)?([A-Z2-7]{20,})(?:&\S*)?$/.exec(pasted.trim())
  if (!m) return undefined
  const state = here.hash.replace(/^#/, "").split("&").filter((p) => p && !p.startsWith("t="))
  return `${m[1] ?? here.origin}/#${[`t=${m[2]}`, ...state].join("&")}`
}

export function Locked({ words, lang }: { words: Record<string, string>; lang: string | undefined }) {
  const say = sayIn(words)
  const [pasted, setPasted] = useState("")
  const [wrong, setWrong] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    document.documentElement.lang = lang ?? say("view-locked.lang")
    document.title = "gwlogs view"
    field.current?.focus()
  }, [])
  const open = (e: Event) => {
    e.preventDefault()
    const to = addressOf(field.current?.value ?? "", location)
    if (!to) return setWrong(true)
    if (!to.startsWith(location.origin + "/#")) return location.replace(to)
    history.replaceState(null, "", to) // another fragment alone loads nothing
    location.reload()
  }
  return (
    <main class="drop">
      <div>
        <h1>gwlogs <span class="light">view</span></h1>
        <p class="big">{say("view-locked.title")}</p>
        <p>{say("view-locked.why")}</p>
        <form class="lockform" onSubmit={open}>
          <label for="address">{say("view-locked.field")}</label>
          <input id="address" ref={field} type="text" value={pasted} placeholder="http://127.0.0.1:41873/#t=…" autocomplete="off" spellcheck={false} aria-describedby={wrong ? "wrongaddress" : undefined} onInput={(e) => { setPasted(e.currentTarget.value); setWrong(false) }} />
          <button class="button primary">{say("view-locked.open")}</button>
        </form>
        {wrong && <p class="wrong" id="wrongaddress" role="alert">{say("view-locked.wrong")}</p>}
        <p class="light">{say("view-locked.none")} <code>gwlogs view</code></p>
      </div>
    </main>
  )
}
