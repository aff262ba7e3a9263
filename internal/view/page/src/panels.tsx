// The smaller panels beside the list: explain, marks, and what was opened.

import { useState } from "preact/hooks"
import * as act from "./actions"
import { asEngineError, type App } from "./app"
import type { Explained } from "./protocol"
import { useStore } from "./store"
import { showTime } from "./times"
import { visible } from "./visible"

export function Explain({ app }: { app: App }) {
  const { say, hello } = useStore(app)
  const [text, setText] = useState("")
  const [answer, setAnswer] = useState<Explained | undefined>()
  const [busy, setBusy] = useState(false)
  const ask = async (e: Event) => {
    e.preventDefault()
    if (!text.trim()) return
    setBusy(true)
    try {
      setAnswer(await app.engine.call("explain", { text, lang: hello?.lang ?? "en" }))
    } catch (e) {
      app.tell(asEngineError(e).message)
    }
    setBusy(false)
  }
  return (
    <form class="explain" onSubmit={(e) => void ask(e)}>
      <label for="explaintext">{say("view.explain-label")}</label>
      <textarea id="explaintext" rows={7} value={text} onInput={(e) => setText(e.currentTarget.value)} placeholder={say("view.explain-hint")} spellcheck={false} onKeyDown={(e) => { if (e.key === "Enter" && e.ctrlKey) void ask(e) }} />
      <p class="acts"><button class="button primary" disabled={busy}>{say("view.explain-do")}</button></p>
      <div aria-live="polite">
        {answer?.findings.map((f) => (
          <article key={f.signature} class={`problem open sev-${f.severity}`}>
            <h2><span class="badge">{say(`severity.${f.severity}`)}</span> {f.title}</h2>
            <p class="cause">{f.cause}</p>
            <h3>{say("view.steps")}</h3>
            <ol class="steps">{f.resolution.map((r, i) => <li key={i}>{r}</li>)}</ol>
            {f.references.map((r) => <p key={r} class="references">{/^https:\/\//.test(r) ? <a href={r} target="_blank" rel="noreferrer noopener">{r.replace(/^https:\/\//, "")}</a> : r}</p>)}
          </article>
        ))}
        {answer && answer.findings.length === 0 && <pre class="code">{visible(answer.text || say("view.explain-nothing"))}</pre>}
      </div>
    </form>
  )
}

export function MarksPanel({ app }: { app: App }) {
  const { say, marks, shared } = useStore(app)
  const all = Object.entries(marks).sort(([a], [b]) => ((a.split("|").at(-1) ?? "") < (b.split("|").at(-1) ?? "") ? -1 : 1))
  if (all.length === 0) return <p class="quiettext">{say("view.marks-none")}</p>
  return (
    <div class="marks">
      <p class="acts">
        <button class="button" onClick={() => act.onlyThis(app, "marked", "*")}>{say("view.show-marked")}</button>
        <button class="button" onClick={() => void act.copyMarked(app)}>{say("view.copy-marked")}</button>
      </p>
      <ul>
        {all.map(([ref, m]) => {
          const [source, record] = ref.split("|")
          return (
            <li key={ref}>
              <button class="quiet" onClick={() => void act.goTo(app, { ref })} disabled={m.n === undefined} title={m.n === undefined ? say("view.mark-elsewhere") : undefined}>
                {showTime(ref.split("|").at(-1), shared.zone, 0)} <span class="light">{visible(source ?? "")} · {say("view.record-of", { n: record ?? "" })}</span>
              </button>
              {m.note && <p class="notetext">{visible(m.note)}</p>}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

export function Sources({ app }: { app: App }) {
  const { say, status, shared } = useStore(app)
  if (!status) return null
  return (
    <div class="sources">
      <ul>
        {status.sources.map((x) => (
          <li key={x.name}>
            <b>{visible(x.name)}</b> {x.channel && <span class="light">{visible(x.channel)}</span>}
            {x.error ? <p class="wrong">{visible(x.error)}{x.hint && <span class="light"> ({visible(x.hint)})</span>}</p> : <p class="light">{say("view.events-n", { n: x.events })}{x.first && ` · ${showTime(x.first, shared.zone, 0)} – ${showTime(x.last, shared.zone, 0)}`}{x.damaged > 0 && ` · ${say("view.damaged-n", { n: x.damaged })}`}</p>}
            <button class="quiet" onClick={() => act.onlyThis(app, "source", x.name)}>{say("view.only-this")}</button>
          </li>
        ))}
      </ul>
      {status.damage.length > 0 && <><h2>{say("view.damage", { n: status.damage.length })}</h2><ul class="damage">{status.damage.slice(0, 500).map((d, i) => <li key={i}>{visible(d)}</li>)}</ul></>}
    </div>
  )
}
