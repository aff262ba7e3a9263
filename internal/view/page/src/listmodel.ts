// The rows of the list: which the engine has sent, which are wanted next, and where the list stands. What is shown stays until
// that of a new filter is there, and the row that is held (the selected one, or the first in view) stays where it is on the screen.

import type { Filter, Order, Row } from "./protocol"
import { clampTop, scrollOf, scrolled, shown, topFor, type Scale } from "./scale"
import { Store } from "./store"
import type { Engine } from "./transport"

export interface Query {
  filter: Filter
  order: Order
  columns: string[]
}

export interface Held {
  n?: number
  ref?: string
}

interface ListState {
  matched: number
  total: number
  top: number
  view: number
  rowHeight: number
  ready: boolean
  busy: boolean
  error: unknown
}

const block = 100
const most = 60 // blocks that are kept

export class ListModel extends Store<ListState> {
  private query: Query = { filter: { conditions: [] }, order: "newest", columns: [] }
  private blocks = new Map<number, Row[]>()
  private stale = new Map<number, Row[]>() // of the same query, of an older version: better than nothing
  private flying = new Map<number, AbortController>()
  private asking: AbortController | undefined
  private scroll = 0
  private element: HTMLElement | undefined
  private moved = 0 // how often the reader has moved the list
  private move = false // the scroll bar has to follow
  private resting: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly engine: Engine) {
    super({ matched: 0, total: 0, top: 0, view: 400, rowHeight: 24, ready: false, busy: false, error: undefined })
  }

  get scale(): Scale {
    return { rows: this.state.matched, rowHeight: this.state.rowHeight, view: this.state.view }
  }

  row(i: number): Row | undefined {
    return this.blocks.get(Math.floor(i / block))?.[i % block] ?? this.stale.get(Math.floor(i / block))?.[i % block]
  }

  // span are the rows from a place on, at most as many as the engine gives at once.
  async span(first: number, count: number): Promise<Row[]> {
    const out: Row[] = []
    for (let i = first; i < first + count; i++) {
      const r = this.row(i)
      if (!r) return (await this.engine.call("rows", { ...this.query, from: first, count })).rows
      out.push(r)
    }
    return out
  }

  // ask shows a query, or the same one of a newer version, and answers the place of the event that is held.
  async ask(query: Query, held: Held | undefined, centre = false): Promise<{ position: number; exact: boolean; n: number } | undefined> {
    this.asking?.abort()
    const asking = (this.asking = new AbortController())
    const { signal } = asking
    this.set({ busy: true })
    try {
      const before = this.state
      const moved = this.moved
      const sameOrder = JSON.stringify(query) === JSON.stringify(this.query)
      const anchor = this.anchor(held)
      const at = anchor && (await this.engine.call("locate", { filter: query.filter, order: query.order, ...anchor.held }, signal))
      const position = at && at.matched > 0 ? Math.max(0, at.position) : 0
      let top = 0
      if (at && anchor) top = centre || anchor.offset === undefined ? (position + 0.5) * before.rowHeight - before.view / 2 : position * before.rowHeight - anchor.offset
      const first = Math.max(0, Math.floor(top / before.rowHeight))
      const from = Math.floor(first / block) * block
      const count = Math.min(500, Math.ceil((first + Math.ceil(before.view / before.rowHeight) + 2) / block) * block - from)
      const rows = await this.engine.call("rows", { ...query, from, count }, signal)
      this.abortFlying()
      this.stale = sameOrder && this.state.matched === rows.matched ? this.blocks : new Map()
      this.blocks = new Map()
      this.query = query
      this.put(from, rows.rows, rows.matched)
      const scale: Scale = { rows: rows.matched, rowHeight: before.rowHeight, view: this.state.view }
      this.set({ matched: rows.matched, total: rows.total, ready: true, busy: false, error: undefined })
      // Who has moved on in the meantime stays there.
      this.setTop(clampTop(scale, sameOrder && moved !== this.moved ? this.state.top : top))
      return at && at.matched > 0 ? { position, exact: at.exact, n: at.n } : undefined
    } catch (error) {
      if (!signal.aborted) this.set({ busy: false, error })
      return undefined
    }
  }

  // anchor is the event to be held, and where it stands on the screen now.
  private anchor(held: Held | undefined): { held: Held; offset: number | undefined } | undefined {
    const { rowHeight, top, view, ready } = this.state
    const { first, end } = shown(this.scale, top)
    if (held) {
      for (let i = first; i < end; i++) {
        if (this.row(i)?.n === held.n && held.n !== undefined) {
          return { held, offset: Math.min(Math.max(0, i * rowHeight - top), Math.max(0, view - rowHeight)) }
        }
      }
      return { held, offset: undefined }
    }
    if (!ready || top === 0) return undefined
    const row = this.row(first)
    return row && { held: { n: row.n }, offset: first * rowHeight - top }
  }

  private put(from: number, rows: Row[], matched: number): void {
    for (let i = 0; i < rows.length; i += block) {
      const part = rows.slice(i, i + block)
      if (part.length === block || from + i + part.length >= matched) this.blocks.set((from + i) / block, part)
    }
  }

  private abortFlying(): void {
    for (const c of this.flying.values()) c.abort()
    this.flying.clear()
  }

  // pump asks for what is in view and about to be; what was passed over is given up.
  private pump(): void {
    const { first, end } = shown(this.scale, this.state.top)
    const from = Math.floor(Math.max(0, first - 20) / block)
    const to = Math.floor(Math.max(0, Math.min(this.state.matched, end + 20) - 1) / block)
    for (const [b, c] of this.flying) {
      if (b < from || b > to) {
        c.abort()
        this.flying.delete(b)
      }
    }
    if (this.state.matched === 0) return
    for (let b = from; b <= to; b++) {
      if (!this.blocks.has(b) && !this.flying.has(b)) void this.fetch(b)
    }
  }

  private async fetch(b: number): Promise<void> {
    const control = new AbortController()
    this.flying.set(b, control)
    try {
      const rows = await this.engine.call("rows", { ...this.query, from: b * block, count: block }, control.signal)
      if (control.signal.aborted) return
      this.flying.delete(b)
      this.blocks.set(b, rows.rows)
      this.stale.delete(b)
      this.forget()
      if (rows.matched !== this.state.matched) {
        this.set({ matched: rows.matched, total: rows.total })
        this.setTop(clampTop(this.scale, this.state.top))
      }
      this.changed()
    } catch (error) {
      if (control.signal.aborted) return
      this.flying.delete(b)
      this.set({ error })
    }
  }

  private forget(): void {
    const { first } = shown(this.scale, this.state.top)
    const here = first / block
    if (this.blocks.size <= most) return
    const far = [...this.blocks.keys()].sort((a, b) => Math.abs(b - here) - Math.abs(a - here))
    for (const b of far.slice(0, this.blocks.size - most)) this.blocks.delete(b)
  }

  // The scroll bar.

  attach(element: HTMLElement): void {
    this.element = element
  }

  resize(view: number, rowHeight: number): void {
    if (view === this.state.view && rowHeight === this.state.rowHeight) return
    const row = this.state.top / this.state.rowHeight
    this.set({ view, rowHeight })
    this.setTop(clampTop(this.scale, row * rowHeight))
  }

  setTop(top: number): void {
    this.set({ top: clampTop(this.scale, top) })
    this.scroll = scrollOf(this.scale, this.state.top)
    this.move = true
    this.pump()
  }

  // settle is for after the spacer has its new height.
  settle(): void {
    if (!this.move || !this.element) return
    this.move = false
    this.element.scrollTop = this.scroll
    this.scroll = this.element.scrollTop
  }

  scrolledTo(to: number): void {
    if (Math.abs(to - this.scroll) < 1) return
    const top = scrolled(this.scale, this.state.top, this.scroll, to)
    this.scroll = to
    this.moved++
    this.set({ top })
    this.pump()
    clearTimeout(this.resting)
    this.resting = setTimeout(() => {
      const should = scrollOf(this.scale, this.state.top)
      if (Math.abs(should - this.scroll) >= 1) this.setTop(this.state.top)
    }, 200)
  }

  reveal(row: number, margin = 1): void {
    this.moved++
    const top = topFor(this.scale, this.state.top, row, margin)
    if (top !== this.state.top) this.setTop(top)
  }

  page(): number {
    return Math.max(1, Math.floor(this.state.view / this.state.rowHeight) - 1)
  }

  // get is a row by its place, which may be far from what is in view.
  async get(i: number): Promise<Row | undefined> {
    const here = this.row(i)
    if (here) return here
    const rows = await this.engine.call("rows", { ...this.query, from: i, count: 1 })
    return rows.rows[0]
  }
}
