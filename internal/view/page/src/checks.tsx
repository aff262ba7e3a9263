// What gwlogs check found on the gateway's machine, as the bundle has it: what fails first, with what to do.

import { useState } from "preact/hooks"
import * as act from "./actions"
import type { App } from "./app"
import { Icon } from "./icons"
import type { Check, CheckGroup } from "./protocol"
import { visible } from "./visible"

const severity: Record<CheckGroup["status"], string> = { fault: "high", warning: "medium", note: "low" }

export function Checks({ app }: { app: App }) {
  const { checks, say } = app.state
  return (
    <>
      {checks.map((c, i) => (
        <section key={i} class="check" aria-label={visible(c.title) || say("view.check")}>
          <h2>{c.error ? say("view.check") : visible(c.title)}</h2>
          {checks.length > 1 && <p class="light">{visible(c.source)}</p>}
          {c.error ? <p class="wrong">{say("view.check-wrong", { error: visible(c.error) })}</p> : <One app={app} c={c} />}
        </section>
      ))}
    </>
  )
}

function One({ app, c }: { app: App; c: Check }) {
  const { say } = app.state
  const tickets = [...new Set(c.groups.flatMap((g) => g.tickets))]
  return (
    <>
      <p>{visible(c.sum)}</p>
      <p class="light">{visible(c.help)}</p>
      {tickets.length > 0 && <p class="acts"><button class="button" onClick={() => void act.copy(app, tickets.join("\n") + "\n")}><Icon name="copy" /> {say("view.check-tickets")}</button></p>}
      <ul class="problems">{c.groups.map((g, i) => <Group key={i} app={app} g={g} />)}</ul>
      {c.fine.length > 0 && <details class="fine"><summary>{say("view.check-fine", { n: c.fine.length })}</summary><ul>{c.fine.map((f, i) => <li key={i}>{visible(f)}</li>)}</ul></details>}
    </>
  )
}

function Group({ app, g }: { app: App; g: CheckGroup }) {
  const { say } = app.state
  const [open, setOpen] = useState(false)
  return (
    <li class={`problem sev-${severity[g.status]}${open ? " open" : ""}`}>
      <button class="summary" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="badge">{g.status_text}</span>
        <span class="title">{visible(g.seen[0] ?? g.layer)}</span>
        <span class="meta">{visible(g.layer)}</span>
      </button>
      {open && (
        <div class="body">
          {g.seen.slice(1).map((s, i) => <p key={i}>{visible(s)}</p>)}
          {g.do.length > 0 && <><h3>{say("view.steps")}</h3><ol class="steps">{g.do.map((s, i) => <li key={i}>{visible(s)}</li>)}</ol></>}
          {g.tickets.length > 0 && <><h3>{say("view.check-ticket")}</h3>{g.tickets.map((s, i) => <p key={i}>{visible(s)}</p>)}</>}
          {g.said.length > 0 && <><h3>{say("view.check-said")}</h3>{g.said.map((s, i) => <p key={i}><code>{visible(s)}</code></p>)}</>}
        </div>
      )}
    </li>
  )
}
