// The list of events: a grid whose rows exist only while they are in view.

import { useLayoutEffect, useRef } from "preact/hooks"
import type { TargetedPointerEvent } from "preact"
import * as act from "./actions"
import type { App } from "./app"
import { levelKey } from "./copying"
import { cellText, describe, fieldName, wanted, widthOf } from "./fields"
import * as filter from "./filter"
import { Icon, LevelIcon } from "./icons"
import { below, eventItems, openMenu } from "./menus"
import { clearPicked, copyPicked, pickAll, pickOne, pickTo } from "./picking"
import type { Row } from "./protocol"
import { shown, spacerHeight } from "./scale"
import { useStore } from "./store"
import { oneLine, parts } from "./visible"

const headHeight = 28

export function List({ app, phone }: { app: App; phone: boolean }) {
  const s = useStore(app)
  const l = useStore(app.list)
  const scroller = useRef<HTMLDivElement>(null)
  const { say, shared } = s
  const columns = shared.columns
  const widths = columns.map((c) => widthOf(c, shared.widths))
  const rowHeight = phone ? 50 : 24

  useLayoutEffect(() => {
    const e = scroller.current!
    app.list.attach(e)
    const measure = () => app.list.resize(Math.max(50, e.clientHeight - (phone ? 0 : headHeight)), rowHeight)
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(e)
    return () => watch.disconnect()
  }, [rowHeight, phone])
  useLayoutEffect(() => app.list.settle())

  const { first, end } = shown(app.list.scale, l.top)
  const rows: { at: number; row: Row | undefined }[] = []
  for (let at = first; at < end; at++) rows.push({ at, row: app.list.row(at) })
  const selected = s.selected
  const inView = selected && selected.exact && selected.position >= first && selected.position < end
  const active = inView ? (phone ? `row-${selected.position}` : `cell-${selected.position}-${Math.min(s.cell, columns.length - 1)}`) : undefined
  const width = widths.reduce((a, b) => a + b, 0)

  return (
    <div class="listbox">
      <NewEvents app={app} />
      <div
        ref={scroller} class={"scroller" + (phone ? " phone" : "")} id="list" role="grid" tabIndex={0}
        aria-label={say("view.list-label", { matched: l.matched, total: l.total })}
        aria-rowcount={l.matched + 1} aria-colcount={columns.length} aria-busy={l.busy} aria-multiselectable={true} aria-activedescendant={active}
        onScroll={(e) => app.list.scrolledTo(e.currentTarget.scrollTop)}
        onKeyDown={(e) => listKey(app, e)}
        onContextMenu={(e) => contextMenu(app, e)}
        onClick={(e) => click(app, e, phone)}
        onMouseDown={(e) => { if (e.shiftKey) e.preventDefault() }} // which would select text
        onDblClick={(e) => { if (rowAt(e) >= 0) app.set({ tab: "message" }) }}
      >
        {!phone && <Head app={app} widths={widths} />}
        <div class="window" style={{ height: `${l.view}px`, width: phone ? "100%" : `${width}px`, top: phone ? "0" : `${headHeight}px` }} role="rowgroup">
          {rows.map(({ at, row }) => (
            <RowView
              key={at} app={app} at={at} row={row} y={at * l.rowHeight - l.top} columns={columns} widths={widths} phone={phone}
              selected={selected?.exact === true && selected.position === at} nearest={selected?.exact === false && selected.position === at} picked={row !== undefined && s.picked.has(row.n)} cell={s.cell}
            />
          ))}
        </div>
        <div class="spacer" style={{ height: `${Math.max(0, spacerHeight(app.list.scale) - l.view)}px`, width: phone ? "100%" : `${width}px` }} />
        {l.ready && l.matched === 0 && <Nothing app={app} />}
        {!l.ready && <p class="nothing" role="status">{say("view.opening")}</p>}
      </div>
      {s.picked.size > 1 && <Picked app={app} />}
    </div>
  )
}

function Nothing({ app }: { app: App }) {
  const { say, shared, status } = app.state
  const filtered = shared.conditions.length + shared.lenses.length > 0 && !shared.suspended
  const last = filtered ? filter.last(shared.conditions, shared.lenses).map((c) => (c.exclude ? `${say("view.not")} ` : "") + describe(c, shared.zone, say, findingTitles(app))).join(" · ") : ""
  return (
    <div class="nothing">
      <p>{say(filtered ? "view.none-match" : status?.loading ? "view.opening" : "view.no-events")}</p>
      {last && <p><button class="button primary" onClick={() => act.dropLast(app)}>{say("view.remove-last", { text: oneLine(last, 80) })}</button></p>}
      {filtered && <p><button class="button" onClick={() => act.suspend(app)}>{say("view.show-all")}</button> <button class="button" onClick={() => { app.share({ lenses: [] }); act.setConditions(app, []) }}>{say("view.clear-filter")}</button></p>}
    </div>
  )
}

function Picked({ app }: { app: App }) {
  const { say, picked } = app.state
  return (
    <div class="pickedbar" role="toolbar" aria-label={say("view.picked-n", { n: picked.size })}>
      <b role="status">{say("view.picked-n", { n: picked.size })}</b>
      <button class="button" onClick={() => void copyPicked(app, "ticket")}><Icon name="copy" /> {say("view.copy-ticket")}</button>
      <button class="button" onClick={() => void copyPicked(app, "table")}><Icon name="copy" /> {say("view.copy-table")}</button>
      <button class="button slim" aria-label={say("view.picked-none")} title={say("view.picked-none") + " (Esc)"} onClick={() => clearPicked(app)}><Icon name="close" /></button>
    </div>
  )
}

function NewEvents({ app }: { app: App }) {
  const { status, say } = app.state
  if (!status || status.new_events === 0) return null
  return <button class="newevents" onClick={() => void act.acceptNew(app)}>{say("view.new-events", { n: status.new_events })}</button>
}

function Head({ app, widths }: { app: App; widths: number[] }) {
  const { shared, say, status } = app.state
  return (
    <div class="head" role="row" aria-rowindex={1} style={{ width: `${widths.reduce((a, b) => a + b, 0)}px`, height: `${headHeight}px` }}>
      {shared.columns.map((c, i) => (
        <div
          key={c} class="th" role="columnheader" aria-colindex={i + 1} style={{ width: `${widths[i]}px` }} draggable
          aria-sort={c === "time" ? (shared.order === "newest" ? "descending" : "ascending") : undefined}
          onDragStart={(e) => e.dataTransfer?.setData("text/x-gwlogs-column", c)}
          onDragOver={(e) => e.preventDefault()}
          onDrop={(e) => {
            e.preventDefault()
            moveColumn(app, e.dataTransfer?.getData("text/x-gwlogs-column") ?? "", c)
          }}
        >
          {c === "time"
            ? <button class="sort" tabIndex={-1} title={say("view.order-hint")} onClick={() => act.setOrder(app, shared.order === "newest" ? "oldest" : "newest")}>{fieldName(c, say)} <Icon name={shared.order === "newest" ? "down" : "up"} />{status?.loading && <span class="sofar" title={say("view.so-far-hint")}> {say(shared.order === "newest" ? "view.newest-so-far" : "view.oldest-so-far")}</span>}</button>
            : <span>{fieldName(c, say)}</span>}
          <span class="grip" onPointerDown={(e) => resize(app, e, c, widths[i]!)} onDblClick={() => app.share({ widths: { ...app.state.shared.widths, [c]: fit(c) } })} />
        </div>
      ))}
    </div>
  )
}

function moveColumn(app: App, from: string, to: string): void {
  const columns = app.state.shared.columns
  if (from === to || !columns.includes(from)) return
  const rest = columns.filter((c) => c !== from)
  act.setColumns(app, rest.toSpliced(columns.indexOf(to) > columns.indexOf(from) ? rest.indexOf(to) + 1 : rest.indexOf(to), 0, from))
}

// fit is the width that a column's texts in view need.
function fit(column: string): number {
  let most = 60
  for (const e of document.querySelectorAll<HTMLElement>(`#list [data-column="${CSS.escape(column)}"] > *`)) most = Math.max(most, e.scrollWidth + 18)
  return Math.min(1200, most)
}

function resize(app: App, e: TargetedPointerEvent<HTMLElement>, column: string, width: number): void {
  e.preventDefault()
  e.stopPropagation()
  const grip = e.currentTarget
  const start = e.clientX
  grip.setPointerCapture(e.pointerId)
  grip.onpointermove = (m: PointerEvent) => app.share({ widths: { ...app.state.shared.widths, [column]: Math.max(36, Math.round(width + m.clientX - start)) } })
  grip.onpointerup = () => {
    grip.onpointermove = null
    grip.onpointerup = null
  }
}

interface RowProps {
  app: App
  at: number
  row: Row | undefined
  y: number
  columns: string[]
  widths: number[]
  phone: boolean
  selected: boolean
  nearest: boolean
  picked: boolean
  cell: number
}

function RowView({ app, at, row, y, columns, widths, phone, selected, nearest, picked, cell }: RowProps) {
  const { say, shared, marks } = app.state
  const titles = findingTitles(app)
  const marked = row && marks[`${row.source}|${row.record}|${row.time}`]
  const cls = ["row", row ? `l${row.level || 4}` : "wait", selected && "selected", nearest && "nearest", picked && "picked", marked && "marked", row && row.findings.length > 0 && "hasfinding", at % 2 === 1 && "odd"].filter(Boolean).join(" ")
  const place = { transform: `translateY(${y}px)`, height: `${app.list.state.rowHeight}px` }
  if (phone) {
    return (
      <div class={cls} style={place} role="row" id={`row-${at}`} aria-rowindex={at + 2} aria-selected={selected || picked} data-at={at}>
        {row && (
          <div role="gridcell" class="card">
            <span class="first"><LevelIcon level={row.level} /><span class="unseen">{say(levelKey(row.level))}</span> <span class="when">{cellText(row, "time", shared.zone, say, titles)}</span> <b>{row.id}</b> {marked && <Icon name="star" />}</span>
            <span class="second"><Marked text={oneLine(row.message)} find={shared.find} /></span>
          </div>
        )}
      </div>
    )
  }
  return (
    <div class={cls} style={place} role="row" id={`row-${at}`} aria-rowindex={at + 2} aria-selected={selected || picked} data-at={at}>
      {columns.map((c, i) => (
        <div
          key={c} class={`td c-${c.replace(/[^a-z]/gi, "")}${selected && cell === i ? " cursor" : ""}`} role="gridcell" id={`cell-${at}-${i}`} aria-colindex={i + 1}
          style={{ width: `${widths[i]}px` }} data-column={c}
        >
          {row ? <Cell app={app} row={row} column={c} find={shared.find} titles={titles} marked={Boolean(marked) && i === 0} /> : i === columns.length - 1 ? "…" : ""}
        </div>
      ))}
    </div>
  )
}

function Cell({ app, row, column, find, titles, marked }: { app: App; row: Row; column: string; find: string; titles: Map<string, string>; marked: boolean }) {
  const { say, shared } = app.state
  const text = oneLine(cellText(row, column, shared.zone, say, titles))
  if (column === "level") return <span class="lvcell"><LevelIcon level={row.level} /><span>{text}</span>{marked && <Icon name="star" />}</span>
  return <span title={column === "message" ? undefined : text}>{marked && <Icon name="star" />}{column === "message" && row.findings.length > 0 && !shared.columns.includes("findings") ? <span class={`flag sev-${severityOf(app, row.findings)}`} title={row.findings.map((f) => titles.get(f) ?? f).join("; ")} /> : null}<Marked text={text} find={find} /></span>
}

// Marked is a text with what the search finds in it marked.
export function Marked({ text, find }: { text: string; find: string }) {
  if (!find) return <>{text}</>
  return <>{parts(text, find).map((p, i) => (i % 2 === 1 ? <mark key={i}>{p}</mark> : p))}</>
}

const severityOf = (app: App, names: string[]): string => app.state.findings?.findings.find((f) => names.includes(f.signature))?.severity ?? "informational" // the worst comes first

let titlesOf: { findings: unknown; titles: Map<string, string> } | undefined

export function findingTitles(app: App): Map<string, string> {
  const findings = app.state.findings
  if (titlesOf?.findings !== findings || !titlesOf) titlesOf = { findings, titles: new Map((findings?.findings ?? []).map((f) => [f.signature, f.title])) }
  return titlesOf.titles
}

// Hands.

const rowAt = (e: Event): number => {
  const row = (e.target as Element | null)?.closest<HTMLElement>(".row")
  return row?.dataset.at === undefined ? -1 : Number(row.dataset.at)
}

const columnAt = (app: App, e: Event): number => {
  const cell = (e.target as Element | null)?.closest<HTMLElement>("[data-column]")
  return cell ? app.state.shared.columns.indexOf(cell.dataset.column!) : -1
}

function click(app: App, e: MouseEvent, phone: boolean): void {
  const at = rowAt(e)
  const row = at >= 0 ? app.list.row(at) : undefined
  if (!row) return
  const column = columnAt(app, e)
  if (column >= 0) app.set({ cell: column })
  if (e.shiftKey && !phone) return void pickTo(app, at)
  if ((e.ctrlKey || e.metaKey) && !phone) return pickOne(app, at, row)
  act.selectRow(app, at, row, false)
  if (phone) app.set({ phone: "details" })
}

function menuOf(app: App, at: number, column: number, x: number, y: number): void {
  const row = app.list.row(at)
  const name = app.state.shared.columns[column]
  if (!row || !name) return
  const w = wanted(row, name)
  const text = cellText(row, name, app.state.shared.zone, app.state.say, findingTitles(app))
  openMenu(app, x, y, { field: w?.field ?? name, value: text, wanted: w?.value, column: name, event: row, ...rawOf(app, row, name) }, eventItems(app, row))
}

// rawOf is for cells that are shortened, and have what cannot be seen written out: the event itself has the value.
function rawOf(app: App, row: Row, column: string): { raw?: () => Promise<string | undefined> } {
  if (column !== "message" && !column.startsWith("data.")) return {}
  return {
    raw: async () => {
      if (app.state.event?.n !== row.n) await app.loadEvent(row.n)
      const e = app.state.event
      if (e?.n !== row.n) return undefined
      return column === "message" ? e.message : e.data.find((d) => "data." + d.name === column)?.value
    },
  }
}

function contextMenu(app: App, e: MouseEvent): void {
  const at = rowAt(e)
  const row = at >= 0 ? app.list.row(at) : undefined
  if (!row || e.button !== 2) return
  e.preventDefault()
  const column = Math.max(0, columnAt(app, e))
  app.set({ cell: column })
  act.selectRow(app, at, row, false, app.state.picked.has(row.n))
  menuOf(app, at, column, e.clientX, e.clientY)
}

function listKey(app: App, e: KeyboardEvent): void {
  if (e.altKey || e.metaKey) return
  const s = app.state.selected
  const columns = app.state.shared.columns.length
  const keys: Record<string, () => void> = {
    ArrowDown: () => void act.selectBy(app, 1),
    ArrowUp: () => void act.selectBy(app, -1),
    PageDown: () => void act.selectBy(app, app.list.page()),
    PageUp: () => void act.selectBy(app, -app.list.page()),
    Home: () => void act.selectAt(app, 0),
    End: () => void act.selectAt(app, app.list.state.matched - 1),
    ArrowRight: () => moveCell(app, Math.min(columns - 1, app.state.cell + 1)),
    ArrowLeft: () => moveCell(app, Math.max(0, app.state.cell - 1)),
    Enter: () => {
      if (app.state.phone === "list") app.set({ phone: "details" })
      setTimeout(() => document.getElementById("details")?.focus(), 0)
    },
    ContextMenu: () => keyMenu(app),
    F10: () => { if (e.shiftKey) keyMenu(app) },
    " ": () => { if (!s) void act.selectBy(app, 0) },
  }
  const here = s ? s.position : 0
  const picking: Record<string, number> = {
    ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + app.list.page(), PageUp: here - app.list.page(), Home: 0, End: app.list.state.matched - 1,
  }
  if (e.shiftKey && picking[e.key] !== undefined) {
    e.preventDefault()
    e.stopPropagation()
    return void pickTo(app, picking[e.key]!)
  }
  if (e.ctrlKey && e.key.toLowerCase() === "a") {
    e.preventDefault()
    e.stopPropagation()
    return void pickAll(app)
  }
  if (e.key === "Escape" && app.state.picked.size > 0) {
    e.stopPropagation()
    return clearPicked(app)
  }
  const run = keys[e.key]
  if (!run || (e.ctrlKey && e.key !== "Home" && e.key !== "End")) return
  e.preventDefault()
  e.stopPropagation()
  run()
}

function moveCell(app: App, cell: number): void {
  app.set({ cell })
  setTimeout(() => {
    const at = app.state.selected?.position
    const e = document.getElementById(`cell-${at}-${cell}`)
    if (e) showSideways(document.getElementById("list")!, e, cell === 0)
  }, 0)
}

// showSideways moves the list no further to the side than the cell needs: as much of one that is wider than the list as fits, from its
// beginning; of a long message that has begun in view, nothing is moved.
function showSideways(list: HTMLElement, cell: HTMLElement, first: boolean): void {
  const [box, c] = [list.getBoundingClientRect(), cell.getBoundingClientRect()]
  const [left, right] = [c.left - box.left, c.right - box.left - list.clientWidth]
  const least = Math.min(200, c.width) // of a cell that has to be seen
  if (first) list.scrollLeft = 0
  else if (left < 0) list.scrollLeft += left
  else if (right > c.width - least) list.scrollLeft += Math.min(left, right)
}

export function keyMenu(app: App): void {
  const s = app.state.selected
  if (!s?.exact) return
  const cell = document.getElementById(`cell-${s.position}-${app.state.cell}`) ?? document.getElementById(`row-${s.position}`)
  if (cell) menuOf(app, s.position, app.state.cell, ...below(cell))
}
