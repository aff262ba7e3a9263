// The page's state, and how it stays in step with the engine: what was asked for is shown when the answer is there, and an
// answer that has been overtaken is dropped.

import { conditionsIn, readMarks, readSettings, usualSettings, writeMarks, type Marks, type Settings } from "./kept"
import { setRange, toEngine } from "./filter"
import { ListModel, type Held } from "./listmodel"
import type { Check, Condition, Diagnosis, Event, Facets, Hello, Row, Status, Timeline } from "./protocol"
import { sortDropped } from "./dropped"
import { Store } from "./store"
import { EngineError, type Engine } from "./transport"
import { knownZone } from "./times"
import { decode, encode, initial, type Shared } from "./urlstate"
import { sayIn, type Say } from "./words"

export interface Selected {
  n: number
  ref: string
  position: number
  exact: boolean // false: the filter does not show it, and position is the nearest in time
}

export interface MenuItem {
  label: string
  run: () => void
  disabled?: string // why it cannot be chosen
  danger?: boolean
}

export interface MenuAt {
  x: number
  y: number
  title: string
  items: (MenuItem | "line")[]
}

export type Dialog = "help" | "columns" | "filter" | "link" | "export" | "saved" | "time"
export type Panel = "findings" | "facets" | "explain" | "sources" | "marks"
export type Tab = "message" | "fields" | "xml" | "json"

export interface State {
  shared: Shared
  settings: Settings
  hello: Hello | undefined
  say: Say
  status: Status | undefined
  failed: EngineError | undefined // the engine cannot be reached
  wrong: EngineError | undefined // the filter was refused
  selected: Selected | undefined
  event: Event | undefined
  picked: Map<number, Row> // by number; empty while it is the selected one alone
  anchor: number // the place where picking began; -1 for none
  cell: number
  facets: Facets | undefined
  facetLimits: Record<string, number>
  timeline: Timeline | undefined
  findings: Diagnosis | undefined
  checks: Check[] // of the bundles that have them
  marks: Marks
  tab: Tab
  more: boolean // on a phone: the settings are shown
  phone: "list" | "side" | "details"
  menu: MenuAt | undefined
  dialog: Dialog | undefined
  editing: { index: number; condition: Condition } | undefined
  finding: boolean // a search is on its way
  found: { text: string; index: number; found: number } | undefined
  said: string // for the live region and the short note on the screen
  saidAt: number
}

export const refOf = (row: Pick<Row, "source" | "record" | "time">): string => `${row.source}|${row.record}|${row.time}`

export class App extends Store<State> {
  readonly list: ListModel
  private asked: Record<string, AbortController> = {}
  private timers: Record<string, ReturnType<typeof setTimeout>> = {}
  private shownVersion = -1
  private shownURL = ""
  private centre = false
  private readonly dropped: File[] = []
  private identity = "" // the keys of encrypted bundles, as files of age have them; kept nowhere else
  private readonly linked = marksOf(location.hash)

  constructor(
    readonly engine: Engine,
    private readonly token: string,
  ) {
    super({
      shared: decode(location.hash), settings: usualSettings(), hello: undefined, say: sayIn({}), status: undefined, failed: undefined, wrong: undefined,
      selected: undefined, event: undefined, picked: new Map(), anchor: -1, cell: 0, facets: undefined, facetLimits: {}, timeline: undefined, findings: undefined, checks: [], marks: {},
      tab: "message", more: false, phone: "list", menu: undefined, dialog: undefined, editing: undefined, finding: false, found: undefined, said: "", saidAt: 0,
    })
    this.list = new ListModel(engine)
  }

  // Starting.

  async start(): Promise<void> {
    try {
      const settings = readSettings(await this.kept("settings"))
      this.set({ settings })
      if (!this.state.shared.zone || !new URLSearchParams(location.hash.slice(1)).has("zone")) {
        this.set({ shared: { ...this.state.shared, zone: settings.zone || "local" } })
      }
      if (!knownZone(this.state.shared.zone)) this.set({ shared: { ...this.state.shared, zone: "local" } })
      await this.speak(settings.lang || (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en"))
      this.paint()
      if (this.state.hello?.mode === "server") await this.open()
    } catch (e) {
      const failed = asEngineError(e)
      this.set({ failed })
      if (!failed.locked) this.later("start", 2000, () => void this.start())
    }
  }

  // open has the engine open its logs, or those that were dropped.
  async open(files?: File[]): Promise<void> {
    let status: Status
    if (files) {
      const { logs, identity } = await sortDropped(files)
      this.dropped.push(...logs)
      this.identity = [this.identity, identity].filter(Boolean).join("\n")
      if (this.dropped.length === 0) return // a key alone: it waits for its bundle
      const locked = Boolean(identity) && Boolean(this.state.status) // those that are open want the key, too
      if (locked) this.forget()
      status = await this.engine.call("open", { files: locked ? this.dropped : logs, identity: this.identity, anew: locked })
    } else {
      status = await this.engine.call("open", {})
    }
    this.set({ status, failed: undefined })
    this.mergeMarks({ ...readMarks(await this.kept("marks")), ...this.linked })
    this.centre = true
    await this.refresh()
    await this.selectShared()
    if (!status.loading) this.selectFirst()
    void this.loadChecks()
    void this.poll()
  }

  // forget is before the logs are read anew: numbers of events and versions begin again.
  private forget(): void {
    this.shownVersion = -1
    this.set({ selected: undefined, event: undefined, findings: undefined, facets: undefined, timeline: undefined, checks: [], picked: new Map(), anchor: -1 })
    this.set({ marks: Object.fromEntries(Object.entries(this.state.marks).map(([ref, m]) => [ref, { note: m.note }])) })
  }

  get hasKey(): boolean {
    return this.identity !== ""
  }

  // unlock reads the logs anew with a further key.
  async unlock(key: string): Promise<void> {
    await this.open([new File([key], "key.txt")])
  }

  async speak(lang: string): Promise<void> {
    const hello = await this.engine.call("hello", { lang })
    document.documentElement.lang = hello.lang
    this.set({ hello, say: sayIn(hello.words, hello.lang), failed: undefined })
    document.title = "gwlogs view"
    if (this.state.status) {
      void this.loadFindings()
      void this.loadChecks()
      if (this.state.selected) void this.loadEvent(this.state.selected.n)
      void this.loadFacets()
      void this.loadTimeline()
    }
  }

  // selectShared is the event that a link names.
  private async selectShared(): Promise<void> {
    const ref = this.state.shared.selected
    if (!ref) return
    const all = this.query()
    const at = await this.engine.call("locate", { filter: all.filter, order: all.order, ref }).catch(() => undefined)
    if (!at || at.n < 0 || at.n === undefined) return
    this.set({ selected: { n: at.n, ref, position: at.position, exact: at.exact } })
    void this.loadEvent(at.n)
    this.list.reveal(at.position, 3)
  }

  // selectFirst has the details show something; an address does not carry it, for nobody chose it.
  private selectFirst(): void {
    const row = this.list.row(0)
    if (this.state.selected || this.state.shared.selected || !row || this.state.phone === "details" || this.list.state.top > 0) return
    this.set({ selected: { n: row.n, ref: refOf(row), position: 0, exact: true } })
    void this.loadEvent(row.n)
  }

  // Staying in step.

  private async poll(): Promise<void> {
    let wait = 5000
    try {
      const status = await this.engine.call("status", {})
      const before = this.state.status
      this.set({ status, failed: undefined })
      if (status.version !== this.shownVersion) {
        this.shownVersion = status.version
        this.later("refresh", 0, () => void this.refresh(true))
      }
      if (status.findings_ready && (!before?.findings_ready || before.version !== status.version || !this.state.findings)) {
        void this.loadFindings()
        if (!before?.findings_ready && this.state.selected) void this.loadEvent(this.state.selected.n) // now it has its problem
      }
      if (before?.loading && !status.loading) {
        this.tell(this.state.say("view.loaded", { n: status.events }))
        void this.locateMarks()
        if (!this.state.selected) void this.selectShared()
        this.later("first", 300, () => this.selectFirst())
      }
      wait = status.loading || !status.findings_ready ? 300 : this.state.hello?.live ? 1500 : 5000
    } catch (e) {
      const error = asEngineError(e)
      if (error.gone || error.locked) this.set({ failed: error })
      if (error.locked) return // another gwlogs view has the port now
      wait = 2000
    }
    if (document.hidden) wait = Math.max(wait, 5000)
    this.later("poll", wait, () => void this.poll())
  }

  get lang(): string {
    return this.state.hello?.lang ?? "en"
  }

  private later(what: string, ms: number, f: () => void): void {
    clearTimeout(this.timers[what])
    this.timers[what] = setTimeout(f, ms)
  }

  query() {
    const s = this.state.shared
    const marks = Object.values(this.state.marks).flatMap((m) => m.n ?? [])
    const plain = new Set(["level", "time", "id", "provider", "channel", "computer", "message", "source", "record", "findings"])
    return {
      filter: toEngine(s.conditions, s.lenses, s.suspended, marks),
      order: s.order,
      columns: s.columns.filter((c) => !plain.has(c)),
    }
  }

  // refresh shows the list anew, and what stands around it. quiet: nothing was asked for, there are only more events.
  async refresh(quiet = false): Promise<void> {
    if (!quiet && this.state.picked.size > 0) this.set({ picked: new Map(), anchor: -1 })
    const selected = this.state.selected
    const held: Held | undefined = selected ? { n: selected.n } : undefined
    const at = await this.list.ask(this.query(), quiet && !selected && this.list.state.top === 0 ? undefined : held, this.centre && !quiet)
    this.centre = false
    const error = this.list.state.error
    this.set({ wrong: error instanceof EngineError && !error.gone ? error : undefined })
    const now = this.state.selected
    if (at && now && selected && now.n === selected.n) {
      this.set({ selected: { ...now, position: at.position, exact: at.exact && at.n === now.n } })
    } else if (now && now.n !== selected?.n) {
      await this.placeAgain(now.n) // somebody chose another one while the list was on its way
    }
    this.later("around", quiet ? 400 : 60, () => {
      void this.loadFacets()
      void this.loadTimeline()
    })
  }

  private async placeAgain(n: number): Promise<void> {
    const q = this.query()
    const at = await this.latest("place", (signal) => this.engine.call("locate", { filter: q.filter, order: q.order, n }, signal))
    const now = this.state.selected
    if (!at || now?.n !== n) return
    this.set({ selected: { ...now, position: at.position, exact: at.exact } })
    this.list.reveal(at.position, 3)
  }

  private async latest<T>(what: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.asked[what]?.abort()
    const control = (this.asked[what] = new AbortController())
    try {
      const answer = await ask(control.signal)
      return control.signal.aborted ? undefined : answer
    } catch (e) {
      if (!control.signal.aborted) {
        const error = asEngineError(e)
        if (error.gone) this.set({ failed: error })
      }
      return undefined
    }
  }

  async loadFacets(): Promise<void> {
    const fields = this.state.settings.facets
    const limit = Math.max(12, ...Object.values(this.state.facetLimits))
    const facets = await this.latest("facets", (signal) => this.engine.call("facets", { filter: this.query().filter, fields, limit, lang: this.lang }, signal))
    if (facets) this.set({ facets })
  }

  // loadTimeline counts without the condition of time: what lies outside of it is shown, and greyed.
  async loadTimeline(): Promise<void> {
    const s = this.state.shared
    const filter = toEngine(setRange(s.conditions, "", ""), s.lenses.filter((c) => c.field !== "time"), s.suspended, this.markNumbers())
    const buckets = Math.min(2000, Math.max(60, Math.floor(window.innerWidth / 6)))
    const timeline = await this.latest("timeline", (signal) => this.engine.call("timeline", { filter, from: s.zoom[0], to: s.zoom[1], buckets, by: s.by, lang: this.lang }, signal))
    if (timeline) this.set({ timeline })
  }

  private markNumbers(): number[] {
    return Object.values(this.state.marks).flatMap((m) => m.n ?? [])
  }

  async loadFindings(): Promise<void> {
    const reply = await this.latest("findings", (signal) => this.engine.call("findings", { lang: this.lang }, signal))
    if (reply?.page) this.set({ findings: reply.page })
  }

  async loadChecks(): Promise<void> {
    const reply = await this.latest("checks", (signal) => this.engine.call("checks", { lang: this.lang }, signal))
    if (reply) this.set({ checks: reply.checks })
  }

  async loadEvent(n: number): Promise<void> {
    const event = await this.latest("event", (signal) => this.engine.call("event", { n, lang: this.lang }, signal))
    if (event && this.state.selected?.n === n) this.set({ event })
  }

  // The address.

  // share changes what a link carries. undoable: the Back button of the browser brings the former state.
  share(change: Partial<Shared>, undoable = false): void {
    if (undoable) this.paint()
    this.set({ shared: { ...this.state.shared, ...change } })
    if (undoable) this.paint(true)
    else this.later("address", 250, () => this.paint())
  }

  private paint(push = false): void {
    const url = "#" + encode(this.state.shared, this.token)
    if (url === this.shownURL) return
    this.shownURL = url
    if (push) history.pushState(null, "", url)
    else history.replaceState(null, "", url)
  }

  // follow shows the state of an address: after Back, or that of a colleague.
  async follow(fragment: string): Promise<void> {
    this.set({ shared: decode(fragment, { ...initial(), zone: this.state.shared.zone }) })
    const marks = marksOf(fragment)
    if (Object.keys(marks).length > 0) {
      this.mergeMarks(marks)
      this.keepMarks()
    }
    this.shownURL = ""
    this.paint()
    const ref = this.state.shared.selected
    if (ref !== this.state.selected?.ref) {
      this.set({ selected: undefined, event: undefined })
      await this.refresh()
      await this.selectShared()
    } else {
      await this.refresh()
    }
  }

  // link is the address for somebody else: without the token, with marks and notes.
  link(): string {
    const marks = Object.entries(this.state.marks).map(([ref, m]) => "&m=" + encodeURIComponent(ref + "~" + m.note.replaceAll("~", "-")))
    const base = location.protocol === "file:" ? "" : location.origin + "/"
    return base + "#" + encode({ ...this.state.shared, zone: this.state.shared.zone }, "") + marks.join("").slice(0, 16_000)
  }

  // What is kept.

  private async kept(key: "settings" | "marks"): Promise<string> {
    try {
      const answer = (await this.engine.call("kept" as "status", { key } as never)) as unknown as { value?: string }
      if (typeof answer.value === "string") return answer.value
    } catch {
      // an engine that keeps nothing
    }
    try {
      return localStorage.getItem(this.localKey(key)) ?? ""
    } catch {
      return ""
    }
  }

  private async keep(key: "settings" | "marks", value: string): Promise<void> {
    try {
      await this.engine.call("keep" as "status", { key, value } as never)
    } catch {
      try {
        localStorage.setItem(this.localKey(key), value)
      } catch {
        // a browser that keeps nothing: it lasts as long as the page
      }
    }
  }

  private localKey(key: string): string {
    return key === "settings" ? "gwlogs.settings" : "gwlogs.marks:" + (this.state.status?.sources ?? []).map((s) => s.name).sort().join("|")
  }

  change(settings: Partial<Settings>): void {
    this.set({ settings: { ...this.state.settings, ...settings } })
    this.later("settings", 300, () => void this.keep("settings", JSON.stringify(this.state.settings)))
  }

  private mergeMarks(marks: Marks): void {
    this.set({ marks: { ...marks, ...this.state.marks } })
    void this.locateMarks()
  }

  // locateMarks learns the numbers that marked events have in this engine.
  private async locateMarks(): Promise<void> {
    for (const [ref, mark] of Object.entries(this.state.marks)) {
      if (mark.n !== undefined) continue
      const at = await this.engine.call("locate", { filter: { conditions: [] }, order: "oldest", ref }).catch(() => undefined)
      if (at?.exact && this.state.marks[ref]) this.set({ marks: { ...this.state.marks, [ref]: { ...this.state.marks[ref]!, n: at.n } } })
    }
  }

  setMarks(marks: Marks): void {
    this.set({ marks })
    this.keepMarks()
    const s = this.state.shared
    if (conditionsIn([...s.conditions, ...s.lenses]).some((c) => c.field === "marked")) void this.refresh()
  }

  private keepMarks(): void {
    this.later("marks", 300, () => void this.keep("marks", writeMarks(this.state.marks)))
  }

  tell(said: string): void {
    this.set({ said, saidAt: Date.now() })
    this.later("tell", 4000, () => this.set({ said: "" }))
  }
}

// marksOf are the marks and notes that a colleague's link carries.
const marksOf = (fragment: string): Marks => {
  const all = new URLSearchParams(fragment.replace(/^#/, "")).getAll("m")
  return readMarks(JSON.stringify(Object.fromEntries(all.map((m) => [m.slice(0, m.lastIndexOf("~")), { note: m.slice(m.lastIndexOf("~") + 1) }]))))
}

export const asEngineError = (e: unknown): EngineError => (e instanceof EngineError ? e : new EngineError(e instanceof Error ? e.message : String(e), "", -1))
