// One event: message, fields, XML and JSON; from it to those around it; mark, note, copies.

import { useState } from "preact/hooks"
import type { ComponentChildren } from "preact"
import * as act from "./actions"
import type { App, Tab } from "./app"
import { levelKey } from "./copying"
import { eventValues, fieldName } from "./fields"
import { Icon, LevelIcon } from "./icons"
import { Linked } from "./guids"
import { Marked } from "./list"
import { below, openMenu, type ValueMenu } from "./menus"
import type { Event } from "./protocol"
import { SelectedText } from "./selection"
import { useStore } from "./store"
import { showOffset, showTime, zoneName } from "./times"
import { visible } from "./visible"

const tabs: [Tab, string][] = [["message", "view.tab-message"], ["fields", "view.tab-fields"], ["xml", "view.tab-xml"], ["json", "view.tab-json"]]
const longest = 200_000 // characters of one text on the screen

export function Details({ app }: { app: App }) {
  const s = useStore(app)
  const { say, event, selected } = s
  if (!selected) return <div class="details none" id="details" tabIndex={-1} role="region" aria-label={say("view.details")}><p class="quiettext">{say("view.select-one")}</p></div>
  if (!event || event.n !== selected.n) {
    if (!event) return <div class="details none" id="details" tabIndex={-1} role="region" aria-label={say("view.details")}><p class="quiettext">{say("view.loading-event")}</p></div>
  }
  const e = event
  return (
    <div class="details" id="details" tabIndex={-1} role="region" aria-label={say("view.details")} data-n={e.n} onKeyDown={(k) => detailsKey(app, k)}>
      <header>
        <button class="button backbutton" onClick={() => app.set({ phone: "list" })}><Icon name="back" /> {say("view.back-to-list")}</button>
        <h2><LevelIcon level={e.level} /> {say(levelKey(e.level))} · {e.id} <span class="light">{visible(e.provider)}</span></h2>
        <p class="when">{showTime(e.time, s.shared.zone, 7)} <span class="light">{showOffset(Date.parse(e.time), s.shared.zone)} · {visible(e.computer)}</span></p>
        {!selected.exact && <p class="hint">{say("view.not-in-filter")}</p>}
        <Tools app={app} e={e} />
      </header>
      {e.findings.length > 0 && (
        <ul class="itsfindings" aria-label={say("view.its-problems")}>
          {e.findings.map((f) => <li key={f.name}><button class={`tofinding sev-${f.severity}`} onClick={() => openFinding(app, f.name)}>{f.title}</button></li>)}
        </ul>
      )}
      <div class="tabs" role="tablist" aria-label={say("view.details")}>
        {tabs.map(([tab, label]) => (
          <button
            key={tab} role="tab" id={`tab-${tab}`} aria-selected={s.tab === tab} aria-controls="tabpanel" tabIndex={s.tab === tab ? 0 : -1} onClick={() => app.set({ tab })}
            onKeyDown={(k) => {
              if (k.key !== "ArrowLeft" && k.key !== "ArrowRight") return
              k.preventDefault()
              const at = tabs.findIndex(([t]) => t === s.tab)
              const next = tabs[(at + (k.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length]![0]
              app.set({ tab: next })
              document.getElementById(`tab-${next}`)?.focus()
            }}
          >{say(label)}</button>
        ))}
      </div>
      <div class="tabpanel" role="tabpanel" id="tabpanel" tabIndex={0} aria-labelledby={`tab-${s.tab}`}>
        {s.tab === "message" && <Message app={app} e={e} />}
        {s.tab === "fields" && <Fields app={app} e={e} />}
        {s.tab === "xml" && <Text app={app} text={e.xml} />}
        {s.tab === "json" && <Text app={app} text={pretty(e.json)} />}
      </div>
      <SelectedText app={app} within="tabpanel" />
    </div>
  )
}

export function openFinding(app: App, name: string): void {
  app.share({ panel: "findings", finding: name })
  app.set({ phone: window.innerWidth < 700 ? "side" : app.state.phone })
  setTimeout(() => document.getElementById(`finding-${name}`)?.scrollIntoView({ block: "start" }), 30)
}

function Tools({ app, e }: { app: App; e: Event }) {
  const { say, marks } = app.state
  const marked = marks[e.ref]
  const menu = (el: Element, title: string, items: { label: string; run: () => void; disabled?: string }[]) => {
    const [x, y] = below(el)
    app.set({ menu: { x, y, title, items } })
  }
  return (
    <div class="tools">
      <button class="button" onClick={() => act.copyEvent(app, e, "ticket")} title={say("view.copy-ticket-hint")}><Icon name="copy" /> {say("view.copy")}</button>
      <button class="button slim" aria-haspopup="menu" aria-label={say("view.copy-as")} onClick={(k) => menu(k.currentTarget, say("view.copy-as"), [
        { label: say("view.copy-ticket"), run: () => act.copyEvent(app, e, "ticket") },
        { label: say("view.copy-line"), run: () => act.copyEvent(app, e, "line") },
        { label: say("view.copy-xml"), run: () => act.copyEvent(app, e, "xml") },
        { label: say("view.copy-json"), run: () => act.copyEvent(app, e, "json") },
        { label: say("view.copy-message"), run: () => void act.copy(app, e.message) },
      ])}><Icon name="down" /></button>
      <button class="button" aria-haspopup="menu" onClick={(k) => menu(k.currentTarget, say("view.around"), [
        ...[1, 5, 30].map((n) => ({ label: say("view.around-minutes", { n }), run: () => act.around(app, e, n * 60) })),
        ...[1, 5, 30].map((n) => ({ label: say("view.around-computer", { n }), run: () => act.around(app, e, n * 60, e.computer) })),
        { label: say("view.from-here"), run: () => act.fromHere(app, e.time) },
        { label: say("view.up-to-here"), run: () => act.upToHere(app, e.time) },
        { label: say("view.same-activity"), run: () => act.look(app, { field: "activity", values: [e.activity] }), ...(e.activity ? {} : { disabled: say("view.why-no-activity") }) },
        { label: say("view.same-process"), run: () => act.look(app, { field: "process", values: [String(e.process)] }, { field: "computer", values: [e.computer] }), ...(e.process ? {} : { disabled: say("view.why-no-process") }) },
        { label: say("view.same-kind"), run: () => act.sameKind(app, e) },
        { label: say("view.same-shape"), run: () => act.look(app, { field: "shape", values: [e.shape] }), ...(e.shape ? {} : { disabled: say("view.why-no-shape") }) },
      ])}>{say("view.around")} <Icon name="down" /></button>
      <button class="button" aria-pressed={Boolean(marked)} onClick={() => act.mark(app, e)} title={say("view.mark-hint")}><Icon name="star" /> {say(marked ? "view.marked" : "view.mark")}</button>
      {marked && (
        <textarea class="note" rows={1} aria-label={say("view.note")} placeholder={say("view.note-hint")} value={marked.note} key={e.ref} onInput={(i) => act.note(app, e, i.currentTarget.value.slice(0, 2000))} />
      )}
    </div>
  )
}

function Message({ app, e }: { app: App; e: Event }) {
  const { say } = app.state
  const alone = e.data.length === 1 && e.data[0]!.value.trim() === e.message.trim()
  return (
    <>
      <pre class="message"><Long app={app} text={visible(e.message)} /></pre>
      {e.unfolded.length > 0 && (
        <section class="unfolded">
          <h3>{say("view.unfolded")}</h3>
          <dl>{e.unfolded.map((u, i) => <div key={i}><dt>{visible(u.label)}</dt><dd><Linked app={app} text={visible(u.text)} /></dd></div>)}</dl>
        </section>
      )}
      {e.data.length > 0 && !alone && <DataTable app={app} e={e} />}
    </>
  )
}

function DataTable({ app, e }: { app: App; e: Event }) {
  const { say } = app.state
  return (
    <section>
      <h3>{say("view.data")}</h3>
      <table class="fields"><tbody>
        {e.data.map((d, i) => (
          <tr key={i}>
            <th scope="row">{d.name ? visible(d.name) : <span class="light">{say("view.data-number", { n: i + 1 })}</span>}</th>
            <td><Value app={app} v={d.name ? { field: "data." + d.name, value: d.value, wanted: d.value, column: "data." + d.name } : { field: "text", value: d.value, wanted: d.value }} /></td>
          </tr>
        ))}
      </tbody></table>
    </section>
  )
}

function Fields({ app, e }: { app: App; e: Event }) {
  const { say, shared } = app.state
  const can = new Set(["level", "id", "provider", "channel", "computer", "user", "process", "activity", "source"])
  const fieldOf = (f: string): string => (f === "related_activity" ? "activity" : f)
  return (
    <>
      <table class="fields"><tbody>
        {eventValues(e, shared.zone, say).map((f) => (
          <tr key={f.field}>
            <th scope="row">{f.field === "time" ? `${fieldName("time", say)} (${zoneName(shared.zone)})` : otherNames[f.field] ? say(otherNames[f.field]!) : fieldName(f.field, say)}</th>
            <td><Value app={app} v={{ field: fieldOf(f.field), value: f.value, wanted: can.has(fieldOf(f.field)) ? f.raw : undefined, ...(can.has(f.field) || f.field === "thread" || f.field === "task" ? { column: f.field } : {}), event: e }}>{f.field === "provider_guid" ? f.value : undefined}</Value></td>
          </tr>
        ))}
      </tbody></table>
      {e.data.length > 0 && <DataTable app={app} e={e} />}
    </>
  )
}

const otherNames: Record<string, string> = {
  related_activity: "view.field-related", qualifiers: "view.field-qualifiers", provider_guid: "view.field-guid", bundle: "view.field-bundle", recovered: "view.field-recovered",
}

// Value is a text of the log with a menu: by the right button, by its own, by the keyboard.
export function Value({ app, v, children }: { app: App; v: ValueMenu; children?: ComponentChildren }) {
  const { say } = app.state
  const name = fieldName(v.field, say)
  return (
    <span class="value" onContextMenu={(e) => {
      if (window.getSelection()?.toString()) return // the browser's own menu for a selected text
      e.preventDefault()
      openMenu(app, e.clientX, e.clientY, v)
    }}>
      <span class="valuetext">{children ?? <Long app={app} text={visible(v.value)} />}</span>
      <button class="valuemenu" aria-haspopup="menu" aria-label={say("view.value-menu", { name })} title={say("view.value-menu", { name })} onClick={(e) => openMenu(app, ...below(e.currentTarget), v)}><Icon name="more" /></button>
    </span>
  )
}

// Long shows the beginning of a text that is too long for the screen, and the rest on demand.
function Long({ app, text, code = false }: { app: App; text: string; code?: boolean }) {
  const { say, shared } = app.state
  const [all, setAll] = useState(false)
  const show = (part: string) => (code ? <Marked text={part} find={shared.find} /> : <Linked app={app} text={part} />)
  if (text.length <= longest || all) return show(text)
  return <>{show(text.slice(0, longest))}… <button class="quiet" onClick={() => setAll(true)}>{say("view.show-rest", { n: text.length - longest })}</button></>
}

function Text({ app, text }: { app: App; text: string }) {
  return <pre class="code"><Long app={app} text={visible(text)} code /></pre>
}

const pretty = (json: string): string => {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}

function detailsKey(app: App, k: KeyboardEvent): void {
  if (k.key === "Escape" && !app.state.menu && !app.state.dialog) {
    k.preventDefault()
    k.stopPropagation()
    app.set({ phone: "list" })
    document.getElementById("list")?.focus()
  }
}
