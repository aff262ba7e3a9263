// The timeline: how many events when, stacked; what is drawn over with the mouse is zoomed into, a click filters.

import { useLayoutEffect, useRef, useState } from "preact/hooks"
import * as act from "./actions"
import type { App } from "./app"
import { levelKey } from "./copying"
import { openFinding } from "./details"
import * as filter from "./filter"
import { Icon } from "./icons"
import type { Series, TimelineBy } from "./protocol"
import { useStore } from "./store"
import { bars, buckets, bucketTimes, clusters, highestStack, spanOf, timeAt, xOf } from "./timelinemath"
import { iso, nice, showTime } from "./times"
import { oneLine } from "./visible"

const room = 66 // height of the bars
const bys: [TimelineBy, string][] = [["level", "view.field-level"], ["provider", "view.field-provider"], ["id", "view.field-id"], ["computer", "view.field-computer"], ["channel", "view.field-channel"], ["source", "view.field-source"]]

export function TimelineView({ app }: { app: App }) {
  const s = useStore(app)
  const { say, shared, timeline: t } = s
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [brush, setBrush] = useState<[number, number] | undefined>()
  const [cursor, setCursor] = useState(-1)
  const [hover, setHover] = useState(-1)
  useLayoutEffect(() => {
    const e = box.current!
    const measure = () => setWidth(Math.max(100, e.clientWidth))
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(e)
    return () => watch.disconnect()
  }, [])

  const n = t ? buckets(t) : 0
  const span = t ? spanOf(t) : { from: 0, to: 1 }
  const most = t ? highestStack(t.series, n) : 0
  const [from, to] = filter.range(shared.suspended ? [] : shared.conditions)
  const zoomed = Boolean(shared.zoom[0] || shared.zoom[1])
  const bucketAt = (x: number) => (t && t.step_seconds > 0 ? Math.min(n - 1, Math.max(0, Math.floor((timeAt(span, x, width) - span.from) / (t.step_seconds * 1000)))) : 0)
  const at = hover >= 0 ? hover : cursor
  const valid = t !== undefined && n > 0 && !Number.isNaN(span.from)

  const down = (e: PointerEvent) => {
    if (!valid || e.button !== 0) return
    const r = box.current!.getBoundingClientRect()
    const start = e.clientX - r.left
    const target = e.currentTarget as HTMLElement
    target.setPointerCapture(e.pointerId)
    let end = start
    target.onpointermove = (m) => {
      end = Math.min(width, Math.max(0, m.clientX - r.left))
      if (Math.abs(end - start) > 4) setBrush([Math.min(start, end), Math.max(start, end)])
    }
    target.onpointerup = () => {
      target.onpointermove = null
      target.onpointerup = null
      setBrush(undefined)
      if (Math.abs(end - start) > 4) act.zoom(app, iso(timeAt(span, Math.min(start, end), width)), iso(timeAt(span, Math.max(start, end), width)))
      else filterBucket(bucketAt(start))
    }
  }
  const filterBucket = (i: number) => {
    if (t!.series.every((x) => !x.counts[i])) return // nothing is there to be seen
    const b = bucketTimes(t!, i)
    act.filterTime(app, iso(b.from), iso(b.to - 1))
  }
  const key = (e: KeyboardEvent) => {
    if (!valid || e.ctrlKey || e.altKey || e.metaKey) return
    const c = cursor < 0 ? (e.key === "ArrowLeft" ? n : -1) : cursor
    const nonempty = (d: number) => {
      let i = c + d
      while (i > 0 && i < n - 1 && t!.series.every((x) => !x.counts[i])) i += d
      return Math.min(n - 1, Math.max(0, i))
    }
    const keys: Record<string, () => void> = {
      ArrowRight: () => setCursor(nonempty(1)), ArrowLeft: () => setCursor(nonempty(-1)), Home: () => setCursor(0), End: () => setCursor(n - 1),
      Enter: () => { if (cursor >= 0) filterBucket(cursor) },
      "+": () => act.zoomBy(app, 0.5, cursor >= 0 ? (bucketTimes(t!, cursor).from + bucketTimes(t!, cursor).to) / 2 : undefined),
      "-": () => act.zoomBy(app, 2),
      "0": () => act.zoom(app, "", ""),
    }
    const run = keys[e.key]
    if (!run) return
    e.preventDefault()
    e.stopPropagation()
    run()
  }

  return (
    <section class="timeline" aria-label={say("view.timeline")}>
      <div class="tlhead">
        <label class="by">{say("view.stack-by")} <select value={shared.by} onChange={(e) => { app.share({ by: e.currentTarget.value as TimelineBy }); void app.loadTimeline() }}>
          {bys.map(([by, label]) => <option key={by} value={by}>{say(label)}</option>)}
        </select></label>
        <ul class="legend">
          {t?.series.map((x, i) => (
            <li key={x.key}><button class="quiet" onClick={() => act.include(app, shared.by, x.key)} disabled={x.key === ""} title={say("view.legend-hint", { n: x.total })}><span class={`swatch ${seriesClass(shared.by, x, i)}`} />{oneLine(seriesLabel(app, shared.by, x), 32)} <span class="light">{say.thousands(x.total)}</span></button></li>
          ))}
        </ul>
        <span class="tltools">
          {zoomed && <button class="button" onClick={() => act.filterTime(app, shared.zoom[0], shared.zoom[1])}>{say("view.filter-this-time")}</button>}
          {zoomed && <button class="button" onClick={() => act.zoom(app, "", "")}><Icon name="zoomout" /> {say("view.zoom-out")}</button>}
        </span>
      </div>
      <div
        class="plot" ref={box} id="timeline" role="slider" tabIndex={0} aria-label={say("view.timeline-label")} aria-valuemin={0} aria-valuemax={Math.max(0, n - 1)} aria-valuenow={Math.max(0, cursor)}
        aria-valuetext={valid && cursor >= 0 ? bucketText(app, cursor) : valid ? say("view.timeline-span", { from: showTime(t.from, shared.zone, 0), to: showTime(t.to, shared.zone, 0) }) : ""}
        onPointerDown={down} onKeyDown={key} onPointerMove={(e) => valid && setHover(bucketAt(e.clientX - box.current!.getBoundingClientRect().left))} onPointerLeave={() => setHover(-1)}
        onBlur={() => setCursor(-1)}
      >
        {valid && (
          <svg width={width} height={room + 32} aria-hidden="true">
            <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" class="hatch" /></pattern></defs>
            <g transform="translate(0 14)">
              {t.gaps.map((g, i) => {
                const [a, b] = [Math.max(0, xOf(span, Date.parse(g.from), width)), Math.min(width, xOf(span, Date.parse(g.to || g.from), width))]
                if (!(b >= 0 && a <= width)) return null
                return <rect key={i} class={`gap ${g.kind}`} x={a} y={0} width={Math.max(2, b - a)} height={room}><title>{gapText(app, g)}</title></rect>
              })}
              {t.series.map((x, i) => <path key={x.key} class={`bars ${seriesClass(shared.by, x, i)}`} d={bars(t.series, i, n, width, room, most)} />)}
              {(from || to) && <path class="outside" d={outside(xOf(span, from ? Date.parse(from) : span.from, width), xOf(span, to ? Date.parse(to) : span.to, width), width)} />}
              {at >= 0 && <rect class="at" x={(at / n) * width} y={0} width={Math.max(1, width / n)} height={room} />}
              <Here app={app} span={span} width={width} />
              {brush && <rect class="brush" x={brush[0]} y={0} width={brush[1] - brush[0]} height={room} />}
              <path class="axis" d={`M0 ${room + 0.5}h${width}`} />
              {nice(span.from, span.to, Math.max(2, Math.floor(width / 90)), shared.zone).map((a) => (
                <g key={a.at} transform={`translate(${xOf(span, a.at, width).toFixed(1)} ${room})`}><path class="axis" d="M0 0v4" /><text y="15" class="axislabel" text-anchor={xOf(span, a.at, width) > width - 30 ? "end" : xOf(span, a.at, width) < 30 ? "start" : "middle"}>{a.label}</text></g>
              ))}
            </g>
          </svg>
        )}
        {at >= 0 && valid && <div class={"tip" + ((at / n) > 0.6 ? " left" : "")} style={{ left: `${(at / n) * width}px` }}>{bucketText(app, at)}</div>}
      </div>
      {valid && t.gaps.some((g) => g.kind === "cleared" || g.kind === "gap" || g.kind === "clock") && <Gaps app={app} />}
      {valid && (
        <div class="findmarks">
          {clusters(t.marks, span, width).map((c, i) => (
            <button
              key={i} class={`findmark sev-${c.marks[0]!.severity}`} style={{ left: `${Math.min(width - 8, Math.max(8, c.x))}px` }} onClick={() => openFinding(app, c.marks[0]!.name)} tabIndex={-1}
              title={c.marks.map((m) => `${m.title} · ${showTime(m.first, shared.zone, 0)}`).join("\n")} aria-label={(c.marks.length > 1 ? `${c.marks.length}: ` : "") + c.marks.map((m) => m.title).join("; ")}
            >{c.marks.length > 1 ? c.marks.length : ""}</button>
          ))}
        </div>
      )}
    </section>
  )
}

// Here is where the selected event lies.
function Here({ app, span, width }: { app: App; span: { from: number; to: number }; width: number }) {
  const e = app.state.event
  if (!e || e.n !== app.state.selected?.n) return null
  const x = xOf(span, Date.parse(e.time), width)
  return x >= 0 && x <= width ? <path class="here" d={`M${x.toFixed(1)} -3v${room + 3}`} /> : null
}

function Gaps({ app }: { app: App }) {
  const t = app.state.timeline!
  const { say } = app.state
  const real = t.gaps.filter((g) => g.kind !== "silence")
  return (
    <details class="gaps">
      <summary>{say("view.gaps", { n: real.length })}</summary>
      <ul>{real.slice(0, 200).map((g, i) => <li key={i}><button class="quiet" onClick={() => void act.goToTime(app, g.from)}>{gapText(app, g)}</button></li>)}</ul>
    </details>
  )
}

const gapKinds: Record<string, string> = { gap: "view.gap-gap", cleared: "view.gap-cleared", silence: "view.gap-silence", clock: "view.gap-clock" }

function gapText(app: App, g: { from: string; to: string; kind: string; source: string; text: string }): string {
  const { say, shared } = app.state
  const when = g.to && g.to !== g.from ? `${showTime(g.from, shared.zone, 0)} – ${showTime(g.to, shared.zone, 0)}` : showTime(g.from, shared.zone, 0)
  return [gapKinds[g.kind] ? say(gapKinds[g.kind]!) : g.kind, when, g.source, g.text].filter(Boolean).join(" · ")
}

function outside(a: number, b: number, width: number): string {
  const left = Math.min(width, Math.max(0, a))
  const right = Math.min(width, Math.max(0, b))
  return `M0 0h${left}v${room}h${-left}zM${right} 0h${width - right}v${room}h${right - width}z`
}

const seriesLabel = (app: App, by: TimelineBy, x: Series): string => (by === "level" ? app.state.say(levelKey(+x.key)) : x.key === "" ? app.state.say("view.others") : x.label || x.key)
const seriesClass = (by: TimelineBy, x: Series, i: number): string => (by === "level" ? `s-l${x.key === "0" ? 4 : x.key}` : x.key === "" ? "s-other" : `s-${i % 9}`)

function bucketText(app: App, i: number): string {
  const { say, shared, timeline: t } = app.state
  if (!t) return ""
  const b = bucketTimes(t, i)
  const counts = t.series.filter((x) => x.counts[i]).map((x) => `${seriesLabel(app, shared.by, x)}: ${say.thousands(x.counts[i]!)}`)
  return `${showTime(iso(b.from), shared.zone, 0)} · ${counts.join(", ") || say("view.no-events-here")}`
}
