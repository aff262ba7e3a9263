// What is wrong: the state of the gateway, the problems with cause and steps, the addresses for the firewall, the errors
// that nothing explains; each leads to its events.

import { useState } from "preact/hooks"
import type { ComponentChildren } from "preact"
import * as act from "./actions"
import { asEngineError, type App } from "./app"
import { placeOf, sortEndpoints, usual, type By } from "./endpoints"
import { Checks } from "./checks"
import { Icon } from "./icons"
import { Value } from "./details"
import type { Diagnosis, Endpoint, Evidence, Finding, GatewayState, Row, Unexplained } from "./protocol"
import { useStore } from "./store"
import { showTime } from "./times"
import { oneLine, visible } from "./visible"

// showEvidence goes to an event that a finding names; one that is not in the list has no number.
const showEvidence = (app: App, e: Evidence): void => void act.goTo(app, e.n !== undefined && e.n >= 0 ? { n: e.n } : { ref: `${e.source}|${e.record_id}|${e.time ?? ""}` })

export function Findings({ app }: { app: App }) {
  const s = useStore(app)
  const { say, findings: d, status } = s
  if (!d) return <div class="findings"><p class="quiettext" role="status">{say(status?.findings_ready ? "view.loading-event" : "view.diagnosing")}</p><Checks app={app} /></div>
  const ongoing = d.findings.filter((f) => f.ongoing)
  const over = d.findings.filter((f) => !f.ongoing)
  return (
    <div class="findings">
      <Jump app={app} parts={[["unexplained", "view.jump-unexplained", d.unexplained.length], ["firewall", "view.jump-firewall", d.endpoints.length], ["reportids", "view.jump-report-ids", d.report_ids.length]]} />
      {d.status.length > 0 && <Section title={say("view.state")}><ul class="states">{d.status.map((g) => <State key={g.computer} app={app} g={g} />)}</ul></Section>}
      <Checks app={app} />
      {d.findings.length === 0 && <p class="allgood">{say("view.no-problems")}</p>}
      {ongoing.length > 0 && <Section title={say("view.ongoing", { n: ongoing.length })}><List app={app} all={ongoing} /></Section>}
      {over.length > 0 && <Section title={say("view.over", { n: over.length })}><List app={app} all={over} /></Section>}
      {d.unexplained.length > 0 && <Section id="unexplained" title={say("view.unexplained", { n: d.unexplained.length })}><ul class="shapes">{d.unexplained.map((u) => <Shape key={u.shape + u.event_id + u.channel} app={app} u={u} />)}</ul></Section>}
      {d.endpoints.length > 0 && <Section id="firewall" title={say("view.firewall", { n: d.endpoints.length })}><Firewall app={app} all={d.endpoints} /></Section>}
      {d.report_ids.length > 0 && <Section id="reportids" title={say("view.report-ids")}><ReportIDs app={app} all={d.report_ids} /></Section>}
    </div>
  )
}

function Section({ title, id, children }: { title: string; id?: string; children: ComponentChildren }) {
  return <section><h2 id={id} tabIndex={-1}>{title}</h2>{children}</section>
}

// Jump leads to what stands below a long list of problems.
function Jump({ app, parts }: { app: App; parts: [string, string, number][] }) {
  const { say } = app.state
  const there = parts.filter(([, , n]) => n > 0)
  if (there.length === 0) return null
  const go = (id: string) => {
    const e = document.getElementById(id)
    e?.focus({ preventScroll: true })
    e?.scrollIntoView({ block: "start" })
  }
  return <nav class="jump" aria-label={say("view.jump")}>{there.map(([id, label, n]) => <button key={id} class="quiet" onClick={() => go(id)}>{say(label, { n })}</button>)}</nav>
}

function State({ app, g }: { app: App; g: GatewayState }) {
  const { say, shared } = app.state
  const e = g.event
  return (
    <li class={`state st-${g.state}`}>
      <span class="dot" aria-hidden="true" />
      <div>
        <b>{visible(g.computer)}</b> <span class="badge">{g.state_text ?? g.state}</span>
        
        <p class="light">{g.since && say("view.since", { time: showTime(g.since, shared.zone, 0) })} {e && <button class="quiet" onClick={() => showEvidence(app, e)}>{say("view.show-event")}</button>}</p>
      </div>
    </li>
  )
}

function List({ app, all }: { app: App; all: Finding[] }) {
  return <ul class="problems">{all.map((f) => <Problem key={f.signature} app={app} f={f} />)}</ul>
}

function Problem({ app, f }: { app: App; f: Finding }) {
  const { say, shared, event } = app.state
  const open = shared.finding === f.signature
  const count = f.events ?? f.count
  const its = event?.findings.some((x) => x.name === f.signature)
  const dates = f.first && f.last ? (f.first === f.last ? showTime(f.first, shared.zone, 0) : say("view.first-last", { first: showTime(f.first, shared.zone, 0), last: showTime(f.last, shared.zone, 0) })) : ""
  return (
    <li class={`problem sev-${f.severity}${open ? " open" : ""}${its ? " its" : ""}`} id={`finding-${f.signature}`}>
      <button class="summary" aria-expanded={open} onClick={() => app.share({ finding: open ? "" : f.signature })}>
        <span class="badge">{say(`severity.${f.severity}`)}</span>
        <span class="title">{f.title}{f.likely && ` (${say("view.likely")})`}</span>
        <span class="meta">{say("view.times", { n: count })} · {dates}{f.computers.length > 0 && <span title={f.computers.join("\n")}> · {f.computers.length === 1 ? visible(f.computers[0]!) : say("view.computers-n", { n: f.computers.length })}</span>}</span>
      </button>
      {open && (
        <div class="body">
          <p class="acts">
            <button class="button primary" onClick={() => showEvents(app, "finding", f.signature)}><Icon name="funnel" /> {say("view.show-events", { n: count })}</button>
            <button class="button" onClick={() => void goToFirst(app, "finding", f.signature, "oldest")}>{say("view.first-one")}</button>
            <button class="button" onClick={() => void goToFirst(app, "finding", f.signature, "newest")}>{say("view.last-one")}</button>
          </p>
          <p class="cause">{f.cause}</p>
          {Object.entries(f.captures).filter(([k, v]) => v.length > 0 && k !== "endpoint").map(([k, v]) => <p class="captures" key={k}><span class="light">{k}:</span> {v.slice(0, 12).map((x) => <code key={x}>{oneLine(x, 200)}</code>)}</p>)}
          {f.resolution.length > 0 && <><h3>{say("view.steps")}</h3><ol class="steps">{f.resolution.map((r, i) => <li key={i}>{r}</li>)}</ol></>}
          {f.computers.length > 0 && <p class="light">{say("view.on-computers", { names: f.computers.join(", ") })}</p>}
          {f.evidence.length > 0 && <SeenIn app={app} f={f} count={count} />}
          {f.references.length > 0 && <><h3>{say("view.more-about")}</h3><ul class="references">{f.references.map((r) => <li key={r}>{/^https:\/\//.test(r) ? <a href={r} target="_blank" rel="noreferrer noopener">{r.replace(/^https:\/\//, "")}</a> : r}</li>)}</ul></>}
        </div>
      )}
    </li>
  )
}

const further = 50

// SeenIn are the last events of a problem, by time; earlier ones on demand.
function SeenIn({ app, f, count }: { app: App; f: Finding; count: number }) {
  const { say, shared } = app.state
  const [rows, setRows] = useState<Row[]>([])
  const [busy, setBusy] = useState(false)
  const shown = rows.length > 0 ? rows.length : f.evidence.length
  const more = async () => {
    setBusy(true)
    try {
      const filter = { conditions: [{ field: "finding", values: [f.signature] }] }
      const behind = Math.min(rows.length, count) // what is there already
      const got = await app.engine.call("rows", { filter, order: "newest", from: behind, count: (behind === 0 ? f.evidence.length : 0) + further, columns: [] })
      setRows([...got.rows.reverse(), ...rows])
    } catch (e) {
      app.tell(asEngineError(e).message)
    }
    setBusy(false)
  }
  const one = (key: string, time: string | null, message: string, show: () => void) => (
    <li key={key}><button class="quiet" onClick={show}><span class="light">{showTime(time, shared.zone, 0)}</span> {oneLine(message, 160)}</button></li>
  )
  return (
    <>
      <h3>{shown < count ? say("view.evidence-of", { n: shown, all: count }) : say("view.evidence", { n: shown })}</h3>
      {shown < count && <p><button class="quiet" disabled={busy} onClick={() => void more()}>{say("view.evidence-more", { n: Math.min(further, count - shown) })}</button></p>}
      <ul class="evidence">
        {rows.length > 0
          ? rows.map((r) => one(String(r.n), r.time, r.message, () => void act.goTo(app, { n: r.n })))
          : f.evidence.map((e, i) => one(String(i), e.time, e.message, () => showEvidence(app, e)))}
      </ul>
    </>
  )
}

export function showEvents(app: App, field: string, value: string): void {
  act.onlyThis(app, field, value)
  if (app.state.phone === "side") app.set({ phone: "list" })
}

// goToFirst selects the first or last event of a problem, and leaves the filter as it is.
async function goToFirst(app: App, field: string, value: string, order: "oldest" | "newest"): Promise<void> {
  const rows = await app.engine.call("rows", { filter: { conditions: [{ field, values: [value] }] }, order, from: 0, count: 1, columns: [] }).catch(() => undefined)
  const row = rows?.rows[0]
  if (row) await act.goTo(app, { n: row.n })
}

function Shape({ app, u }: { app: App; u: Unexplained }) {
  const { say, shared } = app.state
  return (
    <li class="shape">
      <p class="said">{oneLine(u.example.message || u.shape, 240)}</p>
      <p class="light">{say("view.times", { n: u.events ?? u.count })} · {say("view.id-of", { id: u.event_id })} · {visible(u.channel)}{u.last && ` · ${showTime(u.last, shared.zone, 0)}`}</p>
      <p class="acts">
        <button class="button" onClick={() => showEvents(app, "shape", u.group)}><Icon name="funnel" /> {say("view.show-events", { n: u.events ?? u.count })}</button>
        <button class="button" onClick={() => showEvidence(app, u.example)}>{say("view.example")}</button>
      </p>
    </li>
  )
}

function Firewall({ app, all }: { app: App; all: Endpoint[] }) {
  const { say, shared } = app.state
  const [[by, direction], setOrder] = useState<[By, 1 | -1]>(["count", -1])
  const sorted = sortEndpoints(all, by, direction)
  const head = (key: By, label: string, number = false) => (
    <th scope="col" class={number ? "n" : ""} aria-sort={by === key ? (direction < 0 ? "descending" : "ascending") : undefined}>
      <button class="quiet" onClick={() => setOrder([key, by === key ? (direction < 0 ? 1 : -1) : usual[key]])}>{label}{by === key && <Icon name={direction < 0 ? "down" : "up"} />}</button>
    </th>
  )
  return (
    <>
      <p class="light">{say("view.firewall-about")}</p>
      <p class="acts">
        <button class="button" onClick={() => void act.copyEndpoints(app, sorted, "table")}><Icon name="copy" /> {say("view.copy-table")}</button>
        <button class="button" onClick={() => void act.copyEndpoints(app, sorted, "csv")}><Icon name="copy" /> {say("view.copy-csv")}</button>
      </p>
      <div class="scrollx" tabIndex={0} role="region" aria-label={say("view.firewall", { n: all.length })}>
        <table class="endpoints">
          <thead><tr>{head("address", say("view.address"))}{head("count", say("view.times-column"), true)}{head("first", say("view.first"))}{head("last", say("view.last"))}</tr></thead>
          <tbody>
            {sorted.map((e) => (
              <tr key={placeOf(e)}>
                <th scope="row"><Value app={app} v={{ field: "text", value: placeOf(e), wanted: placeOf(e) }}><button class="quiet code" title={say("view.show-its-events")} onClick={() => showEvents(app, "text", placeOf(e))}>{visible(placeOf(e))}</button></Value></th>
                <td class="n">{say.thousands(e.events ?? e.count)}</td><td class="t">{showTime(e.first, shared.zone, 0)}</td><td class="t">{showTime(e.last, shared.zone, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function ReportIDs({ app, all }: { app: App; all: Diagnosis["report_ids"] }) {
  const { say, shared } = app.state
  return (
    <ul class="reportids">
      {all.map((r, i) => (
        <li key={i}><code>{visible(r.report_id)}</code> <span class="light">{showTime(r.time, shared.zone, 0)} · {visible(r.computer)}</span>{" "}
          <button class="quiet" onClick={() => void act.copy(app, r.report_id)}>{say("view.copy")}</button>{" "}
          <button class="quiet" onClick={() => void act.goTo(app, { ref: `${r.source}|${r.record_id}|${r.time}` })}>{say("view.show-event")}</button></li>
      ))}
    </ul>
  )
}
