// The filter: a box to type into, a chip for each condition, the lenses over it.

import { useRef, useState } from "preact/hooks"
import * as act from "./actions"
import type { App } from "./app"
import * as filter from "./filter"
import { describe, readFilter } from "./fields"
import { Icon } from "./icons"
import { findingTitles } from "./list"
import type { Condition } from "./protocol"
import { useStore } from "./store"

export function FilterBar({ app }: { app: App }) {
  const s = useStore(app)
  const l = useStore(app.list)
  const { say, shared } = s
  const [typed, setTyped] = useState("")
  const input = useRef<HTMLInputElement>(null)
  const submit = (e: Event) => {
    e.preventDefault()
    const typedConditions = readFilter(typed, shared.zone)
    if (typedConditions.length === 0) return
    let conditions = shared.conditions
    for (const c of typedConditions) {
      if (c.field === "time") conditions = c.exclude ? [...conditions, c] : filter.setRange(conditions, c.values[0]!, c.values[1]!)
      else if (filter.gathers(c.field)) for (const v of c.values) conditions = filter.add(conditions, c.field, v, c.exclude)
      else conditions = filter.add(conditions, c.field, c.values[0]!, c.exclude)
    }
    setTyped("")
    act.setConditions(app, conditions)
  }
  const any = shared.conditions.length + shared.lenses.length > 0
  return (
    <section class={"filterbar" + (shared.suspended ? " suspended" : "")} aria-label={say("view.filter")}>
      <form class="quick" onSubmit={submit}>
        <Icon name="funnel" />
        <input
          ref={input} id="quick" type="text" value={typed} onInput={(e) => setTyped(e.currentTarget.value)} placeholder={say("view.quick-hint")} aria-label={say("view.quick-label")}
          spellcheck={false} autocomplete="off" aria-describedby={s.wrong ? "wrong" : undefined}
        />
        <button type="button" class="button" onClick={() => app.set({ dialog: "filter", editing: undefined })} title={say("view.add-filter-hint")} aria-label={say("view.add-filter")}><Icon name="plus" /></button>
      </form>
      <ul class="chips" aria-label={say("view.conditions")}>
        {shared.conditions.map((c, i) => <Chip key={`${i}${c.field}`} app={app} c={c} i={i} />)}
        {filter.looks(shared.lenses).map((look, i) => {
          const text = look.map((c) => describe(c, shared.zone, say, findingTitles(app))).join(" · ")
          return (
            <li key={`lens${i}`} class="chip lens">
              <span class="what">{text}</span>
              <button onClick={() => act.keepLook(app, i)} title={say("view.lens-keep")}>{say("view.keep")}</button>
              <button onClick={() => act.dropLook(app, i)} aria-label={`${say("view.lens-drop")}: ${text}`} title={say("view.lens-drop")}><Icon name="close" /></button>
            </li>
          )
        })}
        {any && <li><button class="quiet" aria-pressed={shared.suspended} onClick={() => act.suspend(app)} title={say("view.show-all-hint")}>{say(shared.suspended ? "view.filter-again" : "view.show-all")}</button></li>}
        {any && <li><button class="quiet" onClick={() => { app.share({ lenses: [] }); act.setConditions(app, []) }}>{say("view.clear-filter")}</button></li>}
        <li><button class="quiet" onClick={() => app.set({ dialog: "saved" })}>{say("view.saved-filters")}</button></li>
      </ul>
      <output class="count" id="count">
        {l.ready ? (s.status?.loading && l.matched === l.total ? say("view.count-so-far", { n: l.total }) : l.matched === l.total ? say("view.count-all", { n: l.total }) : say("view.count", { matched: l.matched, total: l.total })) : ""}
        {l.busy && <span class="spin" aria-hidden="true" />}
      </output>
      {s.wrong && <p class="wrong" id="wrong" role="alert">{s.wrong.message}{s.wrong.hint && ` ${s.wrong.hint}`}</p>}
    </section>
  )
}

function Chip({ app, c, i }: { app: App; c: Condition; i: number }) {
  const { say, shared } = app.state
  const text = describe(c, shared.zone, say, findingTitles(app))
  const change = (f: (c: Condition) => Condition | undefined) => act.setConditions(app, filter.at(shared.conditions, i, f))
  return (
    <li class={"chip" + (c.exclude ? " exclude" : "") + (c.off ? " off" : "")}>
      <input type="checkbox" checked={!c.off} onChange={() => change(filter.switchOff)} aria-label={say("view.chip-on", { text })} title={say("view.chip-on-hint")} />
      <button class="sense" aria-pressed={Boolean(c.exclude)} onClick={() => change(filter.invert)} aria-label={`${c.exclude ? say("view.not") : "="} – ${say("view.chip-invert", { text })}`} title={say("view.chip-invert-hint")}>{c.exclude ? say("view.not") : "="}</button>
      <button class="what" title={say("view.chip-edit")} onClick={() => app.set({ dialog: "filter", editing: { index: i, condition: c } })}>{text}</button>
      <button aria-label={say("view.chip-remove", { text })} title={say("view.remove")} onClick={() => change(() => undefined)}><Icon name="close" /></button>
    </li>
  )
}
