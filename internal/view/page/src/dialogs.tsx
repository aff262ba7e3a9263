// Menus and dialogs. A dialog is the browser's own: it keeps the keyboard inside, and gives it back.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import type { ComponentChildren } from "preact"
import * as act from "./actions"
import type { App, MenuItem } from "./app"
import { levelKey } from "./copying"
import { columns as allColumns, conditionFields, describe, fieldName } from "./fields"
import * as filter from "./filter"
import { Icon } from "./icons"
import { shortcuts } from "./keys"
import { findingTitles } from "./list"
import type { Condition, ExportFormat } from "./protocol"
import { useStore } from "./store"
import { readTime, showTime, zoneName } from "./times"
import { oneLine } from "./visible"

export function Menu({ app }: { app: App }) {
  const { menu } = useStore(app)
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!menu || !box.current) return
    const before = document.activeElement as HTMLElement | null
    const e = box.current
    const r = e.getBoundingClientRect()
    e.style.left = `${Math.max(4, Math.min(menu.x, window.innerWidth - r.width - 4))}px`
    e.style.top = `${Math.max(4, menu.y + r.height > window.innerHeight - 4 ? Math.max(4, Math.min(menu.y - r.height, window.innerHeight - r.height - 4)) : menu.y)}px`
    e.querySelector<HTMLElement>("[role=menuitem]")?.focus()
    const away = (p: Event) => { if (!e.contains(p.target as Node)) app.set({ menu: undefined }) }
    document.addEventListener("pointerdown", away, true)
    window.addEventListener("resize", away)
    return () => {
      document.removeEventListener("pointerdown", away, true)
      window.removeEventListener("resize", away)
      if (document.activeElement === document.body || e.contains(document.activeElement)) before?.focus({ preventScroll: true })
    }
  }, [menu])
  if (!menu) return null
  const items = () => [...box.current!.querySelectorAll<HTMLElement>("[role=menuitem]")]
  const choose = (i: MenuItem) => {
    if (i.disabled) return
    app.set({ menu: undefined })
    setTimeout(i.run, 0)
  }
  const key = (e: KeyboardEvent) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const go = (i: number) => all[(i + all.length) % all.length]?.focus()
    if (e.key === "ArrowDown") go(at + 1)
    else if (e.key === "ArrowUp") go(at - 1)
    else if (e.key === "Home") go(0)
    else if (e.key === "End") go(-1)
    else if (e.key === "Escape" || e.key === "Tab") app.set({ menu: undefined })
    else if (e.key.length === 1 && e.key !== " ") {
      const next = [...all.slice(at + 1), ...all].find((i) => i.textContent?.toLowerCase().startsWith(e.key.toLowerCase()))
      next?.focus()
    } else if (e.key !== "Enter" && e.key !== " ") return
    if (e.key !== "Enter" && e.key !== " ") e.preventDefault()
    e.stopPropagation()
  }
  return (
    <div ref={box} class="menu" role="menu" aria-label={menu.title} onKeyDown={key} onContextMenu={(e) => e.preventDefault()}>
      <p class="menutitle" role="presentation">{menu.title}</p>
      {menu.items.map((i, k) => i === "line"
        ? <hr key={k} role="separator" />
        : <button key={k} role="menuitem" tabIndex={-1} aria-disabled={Boolean(i.disabled)} title={i.disabled} onClick={() => choose(i)}>{i.label}{i.disabled && <small>{i.disabled}</small>}</button>)}
    </div>
  )
}

function Frame({ app, title, children, wide = false }: { app: App; title: string; children: ComponentChildren; wide?: boolean }) {
  const box = useRef<HTMLDialogElement>(null)
  const close = () => app.set({ dialog: undefined, editing: undefined })
  useEffect(() => {
    const d = box.current!
    const before = document.activeElement as HTMLElement | null
    if (!d.open) d.showModal()
    d.querySelector<HTMLElement>(".dialogbody > :not(header) :is(input, select, textarea), .dialogbody > :is(input, select, textarea)")?.focus()
    return () => {
      d.close()
      if (before && before !== document.body) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog ref={box} class={wide ? "wide" : ""} aria-labelledby="dialogtitle" onCancel={(e) => { e.preventDefault(); close() }} onClick={(e) => { if (e.target === box.current) close() }}>
      <div class="dialogbody">
        <header><h2 id="dialogtitle">{title}</h2><button class="button slim" aria-label={app.state.say("view.close")} onClick={close}><Icon name="close" /></button></header>
        {children}
      </div>
    </dialog>
  )
}

export function Dialogs({ app }: { app: App }) {
  const s = useStore(app)
  switch (s.dialog) {
    case "help": return <Help app={app} />
    case "columns": return <Columns app={app} />
    case "filter": return <FilterForm app={app} />
    case "saved": return <Saved app={app} />
    case "export": return <Export app={app} />
    case "link": return <Link app={app} />
    case "time": return <GoToTime app={app} />
    default: return null
  }
}

function Help({ app }: { app: App }) {
  const { say, hello } = app.state
  return (
    <Frame app={app} title={say("view.help")} wide>
      <div class="keys">
        {shortcuts.map((g) => (
          <section key={g.title}><h3>{say(g.title)}</h3><dl>{g.keys.map(([keys, what]) => <div key={what}><dt>{keys.split(" ").map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{say(what)}</dd></div>)}</dl></section>
        ))}
      </div>
      <h3>{say("view.help-filter")}</h3>
      <p>{say("view.help-filter-text")}</p>
      <p><code>timeout</code> <code>"access denied" id:401</code> <code>"data source: SQL01"</code> <code>-heartbeat</code> <code>id:401,402</code> <code>level:error</code> <code>time:2026-11-23</code> <code>computer:GW01</code> <code>-provider:ESENT</code> <code>data.TargetUserName=alice</code> <code>where:id = 401 and data("x") ~ "y"</code></p>
      <p class="light">gwlogs {hello?.version} · {say("view.help-local")}</p>
    </Frame>
  )
}

function Columns({ app }: { app: App }) {
  const { say, shared } = useStore(app)
  const chosen = shared.columns
  const [name, setName] = useState("")
  const left = allColumns.filter((c) => !chosen.includes(c))
  const move = (i: number, by: number) => {
    const c = chosen[i]!
    act.setColumns(app, chosen.toSpliced(i, 1).toSpliced(i + by, 0, c))
  }
  return (
    <Frame app={app} title={say("view.columns")}>
      <ul class="columnlist">
        {chosen.map((c, i) => (
          <li key={c}>
            <label><input type="checkbox" checked disabled={chosen.length === 1} onChange={() => act.setColumns(app, chosen.filter((x) => x !== c))} /> {fieldName(c, say)}</label>
            <button class="button slim" disabled={i === 0} aria-label={say("view.move-up", { name: fieldName(c, say) })} onClick={() => move(i, -1)}><Icon name="up" /></button>
            <button class="button slim" disabled={i === chosen.length - 1} aria-label={say("view.move-down", { name: fieldName(c, say) })} onClick={() => move(i, 1)}><Icon name="down" /></button>
          </li>
        ))}
        {left.map((c) => <li key={c}><label><input type="checkbox" checked={false} onChange={() => act.addColumn(app, c)} /> {fieldName(c, say)}</label></li>)}
      </ul>
      <form onSubmit={(e) => { e.preventDefault(); if (name.trim()) act.addColumn(app, name.trim().startsWith("data.") ? name.trim() : "data." + name.trim()); setName("") }}>
        <label>{say("view.named-column")} <input type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} spellcheck={false} /></label> <button class="button">{say("view.add")}</button>
      </form>
      <p class="acts"><button class="button" onClick={() => { app.share({ widths: {} }); act.setColumns(app, ["level", "time", "id", "provider", "computer", "message"]) }}>{say("view.usual-columns")}</button></p>
    </Frame>
  )
}

function FilterForm({ app }: { app: App }) {
  const { say, shared, editing, facets } = useStore(app)
  const old = editing?.condition
  const [field, setField] = useState(old ? (old.field.startsWith("data.") ? "data" : old.field) : "text")
  const [name, setName] = useState(old?.field.startsWith("data.") ? old.field.slice(5) : "")
  const [value, setValue] = useState(old && old.field !== "time" ? old.values.join(", ") : "")
  const [from, setFrom] = useState(old?.field === "time" ? showTime(old.values[0], shared.zone, 0) : "")
  const [to, setTo] = useState(old?.field === "time" ? showTime(old.values[1], shared.zone, 0) : "")
  const [not, setNot] = useState(Boolean(old?.exclude))
  const [wrong, setWrong] = useState("")
  const fields = conditionFields.includes(field) ? conditionFields : [...conditionFields, field]
  const submit = (e: Event) => {
    e.preventDefault()
    let c: Condition
    if (field === "time") {
      const [a, b] = [from && readTime(from, shared.zone), to && readTime(to, shared.zone, true)]
      if ((from && !a) || (to && !b) || (!from && !to)) return setWrong(say("view.time-form"))
      c = filter.makeCondition("time", [a, b], not)
    } else {
      const key = field === "data" ? "data." + name.trim() : field
      if (value.trim() === "" || key === "data.") return setWrong(say("view.value-missing"))
      const many = ["id", "level", "process"].includes(key) || (old?.values.length ?? 0) > 1
      c = filter.makeCondition(key, many ? value.split(",").map((v) => v.trim()).filter(Boolean) : [value.trim()], not)
      if (key === "id" && c.values.some((v) => !/^\d+$/.test(v))) return setWrong(say("view.id-form"))
    }
    const rest = editing ? filter.at(shared.conditions, editing.index, () => c) : [...shared.conditions, c]
    app.set({ dialog: undefined, editing: undefined })
    act.setConditions(app, rest)
  }
  const offered = facets?.facets[field === "data" ? "data." + name.trim() : field] ?? []
  return (
    <Frame app={app} title={say(editing ? "view.edit-filter" : "view.add-filter")}>
      <form class="filterform" onSubmit={submit}>
        <label>{say("view.filter-field")} <select value={field} onChange={(e) => { setField(e.currentTarget.value); setValue("") }}>{fields.map((f) => <option key={f} value={f}>{fieldName(f, say)}</option>)}</select></label>
        {field === "data" && <label>{say("view.filter-name")} <input type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} spellcheck={false} /></label>}
        <label>{say("view.filter-sense")} <select value={not ? "not" : ""} onChange={(e) => setNot(e.currentTarget.value === "not")}><option value="">{say("view.sense-only")}</option><option value="not">{say("view.sense-not")}</option></select></label>
        {field === "time" ? (
          <>
            <label>{say("view.time-from", { zone: zoneName(shared.zone) })} <input type="text" value={from} placeholder="2026-11-23 14:05" onInput={(e) => setFrom(e.currentTarget.value)} /></label>
            <label>{say("view.time-to", { zone: zoneName(shared.zone) })} <input type="text" value={to} placeholder="2026-11-23 15:00" onInput={(e) => setTo(e.currentTarget.value)} /></label>
          </>
        ) : field === "level" ? (
          <fieldset><legend>{say("view.field-level")}</legend>{[1, 2, 3, 4, 5].map((l) => <label key={l}><input type="checkbox" checked={value.split(/,\s*/).includes(String(l))} onChange={(e) => setValue((e.currentTarget.checked ? [...value.split(/,\s*/), String(l)] : value.split(/,\s*/).filter((v) => v !== String(l))).filter(Boolean).join(", "))} /> {say(levelKey(l))}</label>)}</fieldset>
        ) : (
          <label>{say("view.filter-value")}
            {field === "where" || field === "text" ? <textarea rows={2} value={value} onInput={(e) => setValue(e.currentTarget.value)} spellcheck={false} /> : <input type="text" list="offered" value={value} onInput={(e) => setValue(e.currentTarget.value)} spellcheck={false} />}
            <datalist id="offered">{offered.slice(0, 200).map((v) => <option key={v.value} value={v.value}>{oneLine(v.label || v.value, 80)}</option>)}</datalist>
          </label>
        )}
        {field === "where" && <p class="light">{say("view.where-help")}</p>}
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
        <p class="acts"><button class="button primary">{say(editing ? "view.change" : "view.add")}</button></p>
      </form>
    </Frame>
  )
}

function Saved({ app }: { app: App }) {
  const { say, shared, settings } = useStore(app)
  const [name, setName] = useState("")
  const titles = findingTitles(app)
  return (
    <Frame app={app} title={say("view.saved-filters")}>
      {shared.conditions.length > 0 && (
        <form onSubmit={(e) => {
          e.preventDefault()
          if (!name.trim()) return
          app.change({ saved: [...settings.saved.filter((f) => f.name !== name.trim()), { name: name.trim(), conditions: shared.conditions }] })
          setName("")
        }}>
          <label>{say("view.save-as")} <input type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} /></label> <button class="button primary">{say("view.save")}</button>
        </form>
      )}
      {settings.saved.length === 0 && <p class="light">{say(shared.conditions.length > 0 ? "view.saved-none" : "view.saved-none-yet")}</p>}
      <ul class="savedlist">
        {settings.saved.map((f) => (
          <li key={f.name}>
            <button class="quiet" onClick={() => { app.set({ dialog: undefined }); act.setConditions(app, f.conditions) }}><b>{f.name}</b><br /><span class="light">{f.conditions.map((c) => (c.exclude ? `${say("view.not")} ` : "") + describe(c, shared.zone, say, titles)).join(" · ")}</span></button>
            <button class="button slim" aria-label={say("view.saved-remove", { name: f.name })} onClick={() => app.change({ saved: settings.saved.filter((x) => x.name !== f.name) })}><Icon name="close" /></button>
          </li>
        ))}
      </ul>
    </Frame>
  )
}

const formats: [ExportFormat, string][] = [
  ["evtx", "view.export-evtx"], ["csv", "view.export-csv"], ["json", "view.export-json"], ["jsonl", "view.export-jsonl"], ["xml", "view.export-xml"], ["rows", "view.export-rows"],
]

function Export({ app }: { app: App }) {
  const { say } = app.state
  return (
    <Frame app={app} title={say("view.export")}>
      <p>{say("view.export-what", { n: app.list.state.matched })}</p>
      <ul class="exportlist">{formats.map(([f, label]) => <li key={f}><button class="button" onClick={() => void act.exportAs(app, f)}><b>{f === "rows" ? "rows.jsonl" : f}</b> {say(label)}</button></li>)}</ul>
    </Frame>
  )
}

function Link({ app }: { app: App }) {
  const { say } = app.state
  const [other, setOther] = useState("")
  const link = app.link()
  return (
    <Frame app={app} title={say("view.link")}>
      <p>{say("view.link-what")}</p>
      <p><textarea class="code" readOnly rows={4} value={link} aria-label={say("view.link")} onFocus={(e) => e.currentTarget.select()} /></p>
      <p class="acts"><button class="button primary" onClick={() => void act.copy(app, link)}><Icon name="copy" /> {say("view.link-copy")}</button></p>
      <form onSubmit={(e) => {
        e.preventDefault()
        if (!other.includes("#")) return app.tell(say("view.link-bad"))
        app.set({ dialog: undefined })
        void app.follow(other.slice(other.indexOf("#")))
      }}>
        <label>{say("view.link-open")} <input type="text" value={other} onInput={(e) => setOther(e.currentTarget.value)} spellcheck={false} /></label> <button class="button">{say("view.link-go")}</button>
      </form>
    </Frame>
  )
}

function GoToTime({ app }: { app: App }) {
  const { say, shared, event } = app.state
  const [typed, setTyped] = useState(event ? showTime(event.time, shared.zone, 0) : "")
  const [wrong, setWrong] = useState("")
  return (
    <Frame app={app} title={say("view.go-to-time")}>
      <form onSubmit={(e) => {
        e.preventDefault()
        const time = readTime(typed, shared.zone)
        if (!time) return setWrong(say("view.time-form"))
        app.set({ dialog: undefined })
        void act.goToTime(app, time)
      }}>
        <label>{say("view.time-at", { zone: zoneName(shared.zone) })} <input type="text" value={typed} placeholder="2026-11-23 14:05" onInput={(e) => setTyped(e.currentTarget.value)} /></label> <button class="button primary">{say("view.link-go")}</button>
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
      </form>
    </Frame>
  )
}
