// The page of gwlogs view.

import { render } from "preact"
import { useEffect, useState } from "preact/hooks"
import * as act from "./actions"
import { App, type Panel } from "./app"
import { FilterBar } from "./chips"
import { Details } from "./details"
import { Dialogs, Menu } from "./dialogs"
import { Drop, Dropped } from "./drop"
import { Facets } from "./facets"
import { Findings } from "./findings"
import { Icon } from "./icons"
import { pageKey } from "./keys"
import { List } from "./list"
import { Locked } from "./locked"
import { Explain, MarksPanel, Sources } from "./panels"
import { useStore } from "./store"
import { TimelineView } from "./timeline"
import { TopBar } from "./topbar"
import { HTTPEngine, WorkerEngine } from "./transport"
import { Unlock } from "./unlock"
import { tokenOf } from "./urlstate"

const panels: [Panel, string][] = [["findings", "view.panel-findings"], ["facets", "view.panel-facets"], ["marks", "view.panel-marks"], ["explain", "view.panel-explain"], ["sources", "view.panel-sources"]]

function Side({ app }: { app: App }) {
  const { say, shared, findings, marks } = useStore(app)
  const panel = (panels.find(([p]) => p === shared.panel) ?? panels[0]!)[0]
  const counts: Partial<Record<Panel, number>> = { findings: findings?.findings.length ?? 0, marks: Object.keys(marks).length }
  return (
    <aside class="side" aria-label={say("view.side")}>
      <div class="sidetabs" role="tablist" aria-label={say("view.side")}>
        {panels.map(([p, label]) => (
          <button
            key={p} role="tab" id={`side-${p}`} aria-selected={p === panel} aria-controls="side" tabIndex={p === panel ? 0 : -1} onClick={() => act.setPanel(app, p)}
            onKeyDown={(e) => {
              if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return
              e.preventDefault()
              const at = panels.findIndex(([x]) => x === panel)
              const next = panels[(at + (e.key === "ArrowRight" ? 1 : panels.length - 1)) % panels.length]![0]
              act.setPanel(app, next)
              document.getElementById(`side-${next}`)?.focus()
            }}
          >{say(label)}{counts[p] ? <span class="pill">{counts[p]}</span> : null}</button>
        ))}
      </div>
      <div class="sidebody" role="tabpanel" id="side" tabIndex={0} aria-labelledby={`side-${panel}`}>
        {panel === "findings" && <Findings app={app} />}
        {panel === "facets" && <Facets app={app} />}
        {panel === "marks" && <MarksPanel app={app} />}
        {panel === "explain" && <Explain app={app} />}
        {panel === "sources" && <Sources app={app} />}
      </div>
    </aside>
  )
}

// Splitter moves a border: by the mouse, or by the arrow keys.
function Splitter({ app, what, size, least, most, vertical, sign }: { app: App; what: "side" | "details"; size: number; least: number; most: number; vertical: boolean; sign: 1 | -1 }) {
  const { say } = app.state
  const set = (v: number) => app.change({ [what]: Math.round(Math.min(most, Math.max(least, v))) })
  return (
    <div
      class={"splitter " + (vertical ? "vertical" : "horizontal")} role="separator" tabIndex={0} aria-orientation={vertical ? "vertical" : "horizontal"} aria-label={say("view.splitter")}
      aria-valuenow={Math.round(size)} aria-valuemin={least} aria-valuemax={most}
      onKeyDown={(e) => {
        const by = { ArrowLeft: vertical ? -24 : 0, ArrowRight: vertical ? 24 : 0, ArrowUp: vertical ? 0 : -24, ArrowDown: vertical ? 0 : 24 }[e.key]
        if (!by) return
        e.preventDefault()
        set(size + by * sign)
      }}
      onPointerDown={(e) => {
        const t = e.currentTarget
        const start = vertical ? e.clientX : e.clientY
        t.setPointerCapture(e.pointerId)
        t.onpointermove = (m) => set(size + ((vertical ? m.clientX : m.clientY) - start) * sign)
        t.onpointerup = () => {
          t.onpointermove = null
          t.onpointerup = null
        }
      }}
    />
  )
}

function useWindow(): { width: number; height: number } {
  const now = () => ({ width: window.innerWidth, height: window.innerHeight })
  const [size, set] = useState(now)
  useEffect(() => {
    const changed = () => set(now())
    window.addEventListener("resize", changed)
    return () => window.removeEventListener("resize", changed)
  }, [])
  return size
}

function Page({ app }: { app: App }) {
  const s = useStore(app)
  const { width, height } = useWindow()
  const { say, settings } = s
  const phone = width < 700
  const right = settings.dock === "right" || (settings.dock === "auto" && width >= 1900)
  const side = Math.min(settings.side || 340, Math.max(240, width - 500))
  const details = right ? Math.min(settings.details || Math.max(420, width * 0.27), width - side - 360) : Math.min(settings.details || Math.max(200, height * 0.34), height - 320)
  useEffect(() => {
    const key = (e: KeyboardEvent) => pageKey(app, e)
    const back = () => void app.follow(location.hash)
    const paste = (e: ClipboardEvent) => {
      const text = e.clipboardData?.getData("text/plain") ?? ""
      if (!/^(INPUT|TEXTAREA)$/.test((e.target as Element | null)?.tagName ?? "") && /^\S*#\S+=\S*$/.test(text)) void app.follow(text.slice(text.indexOf("#")))
    }
    const leave = () => app.engine.leave()
    document.addEventListener("keydown", key)
    document.addEventListener("paste", paste)
    window.addEventListener("popstate", back)
    window.addEventListener("pagehide", leave)
    return () => {
      document.removeEventListener("keydown", key)
      document.removeEventListener("paste", paste)
      window.removeEventListener("popstate", back)
      window.removeEventListener("pagehide", leave)
    }
  }, [])
  useEffect(() => {
    if (settings.theme) document.documentElement.dataset.theme = settings.theme
    else delete document.documentElement.dataset.theme
  }, [settings.theme])

  if (s.failed?.locked) return <Locked words={s.failed.locked} lang={s.hello?.lang} />
  if (!s.hello) return <p class="starting" role="status">{s.failed ? `${s.failed.message}` : "gwlogs…"}</p>
  if (s.hello.mode === "file" && !s.status) return <Drop app={app} />
  const grid = phone ? {} : right
    ? { gridTemplateColumns: `${side}px 5px minmax(0, 1fr) 5px ${details}px`, gridTemplateRows: "minmax(0, 1fr)" }
    : { gridTemplateColumns: `${side}px 5px minmax(0, 1fr)`, gridTemplateRows: `minmax(0, 1fr) 5px ${details}px` }
  return (
    <div class={`page ${phone ? `phone${s.more ? " more" : ""} show-${s.phone}` : right ? "dock-right" : "dock-bottom"}`}>
      <a class="skip" href="#list" onClick={(e) => { e.preventDefault(); document.getElementById("list")?.focus() }}>{say("view.skip")}</a>
      <TopBar app={app} phone={phone} />
      {s.failed && <p class="banner" role="alert">{say("view.gone")}</p>}
      <Unlock app={app} />
      {s.status?.loading && <Progress app={app} />}
      {(!phone || s.phone === "list") && <FilterBar app={app} />}
      <main class="body" style={grid}>
        {(!phone || s.phone === "side") && <Side app={app} />}
        {!phone && <Splitter app={app} what="side" size={side} least={240} most={Math.max(300, width - 500)} vertical sign={1} />}
        {(!phone || s.phone === "list") && (
          <section class="middle" aria-label={say("view.events")}>
            {settings.timeline && <TimelineView app={app} />}
            <List app={app} phone={phone} />
          </section>
        )}
        {!phone && <Splitter app={app} what="details" size={details} least={120} most={right ? width - side - 360 : height - 320} vertical={right} sign={-1} />}
        {(!phone || s.phone === "details") && <Details app={app} />}
        <Menu app={app} />
      </main>
      {phone && (
        <nav class="phonetabs" aria-label={say("view.parts")}>
          <button aria-current={s.phone === "list"} onClick={() => app.set({ phone: "list" })}><Icon name="columns" />{say("view.events")}</button>
          <button aria-current={s.phone === "side"} onClick={() => app.set({ phone: "side" })}><Icon name="eye" />{say("view.panel-findings")}</button>
          <button aria-current={s.phone === "details"} onClick={() => app.set({ phone: "details" })}><Icon name="chart" />{say("view.details")}</button>
        </nav>
      )}
      {s.hello.mode === "file" && <Dropped app={app} />}
      <Dialogs app={app} />
      <div id="said" class={"toast" + (s.said ? " shown" : "")} role="status" aria-live="polite">{s.said}</div>
    </div>
  )
}

function Progress({ app }: { app: App }) {
  const { status, say } = app.state
  const part = status && status.bytes_total > 0 ? status.bytes_done / status.bytes_total : 0
  return <div class="progress" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)} aria-label={say("view.loading", { n: status?.events ?? 0 })}><span style={{ width: `${part * 100}%` }} /></div>
}

const shell = window.gwlogsEngine
const token = tokenOf(location.hash)
const app = new App(shell ? new WorkerEngine(shell.worker()) : new HTTPEngine(token), token)
render(<Page app={app} />, document.getElementById("app")!)
void app.start()
