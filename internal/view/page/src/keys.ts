// The keys of the whole page; those of the list, of menus and of the timeline are with them.

import * as act from "./actions"
import type { App, Panel } from "./app"
import * as filter from "./filter"
import { copyPicked } from "./picking"

export const shortcuts: { title: string; keys: [string, string][] }[] = [
  {
    title: "view.keys-list",
    keys: [
      ["↑ ↓ PgUp PgDn Home End", "view.key-move"], ["← →", "view.key-cell"], ["Shift+↑↓ Ctrl+A", "view.key-pick"], ["Shift+F10", "view.key-menu"], ["Enter", "view.key-details"], ["Esc", "view.key-back"],
      ["Ctrl+C", "view.key-copy"], ["m", "view.key-mark"], ["[ ]", "view.key-marks"], ["o", "view.key-order"], ["g", "view.key-time"],
    ],
  },
  {
    title: "view.keys-filter",
    keys: [
      ["f", "view.key-filter"], ["a", "view.key-add"], ["h", "view.key-all"], ["x", "view.key-clear"], ["Backspace", "view.key-lens"], ["e", "view.key-facets"], ["s", "view.key-saved"], ["c", "view.key-columns"],
    ],
  },
  { title: "view.keys-find", keys: [["/ Ctrl+F", "view.key-find"], ["n F3", "view.key-next"], ["N Shift+F3", "view.key-previous"]] },
  {
    title: "view.keys-page",
    keys: [
      ["p", "view.key-problems"], ["t", "view.key-timeline"], ["1 2 3 4", "view.key-tabs"], ["l", "view.key-link"], ["w", "view.key-export"], ["?", "view.key-help"],
    ],
  },
  { title: "view.keys-timeline", keys: [["← →", "view.key-bars"], ["Enter", "view.key-bar-filter"], ["+ -", "view.key-zoom"], ["0", "view.key-zoom-out"]] },
]

const typing = (e: KeyboardEvent): boolean => {
  const t = e.target as HTMLElement | null
  return Boolean(t && (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName)) && (t as HTMLInputElement).type !== "checkbox")
}

export const focus = (id: string): void => {
  const e = document.getElementById(id)
  e?.focus()
  if (e instanceof HTMLInputElement) e.select()
}

function panel(app: App, p: Panel): void {
  act.setPanel(app, p)
  if (window.innerWidth < 700) app.set({ phone: "side" })
  setTimeout(() => focus("side"), 0)
}

export function pageKey(app: App, e: KeyboardEvent): void {
  if (e.isComposing || app.state.dialog || app.state.menu) return
  if (e.key === "F3") {
    e.preventDefault()
    void act.findNext(app, e.shiftKey)
    return
  }
  if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "f") {
    e.preventDefault()
    focus("find")
    return
  }
  if (typing(e)) {
    if (e.key === "Escape") focus("list")
    return
  }
  if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "c") {
    if (!window.getSelection()?.toString() && app.state.picked.size > 1) {
      e.preventDefault()
      return void copyPicked(app, "ticket")
    }
    const event = app.state.event
    if (window.getSelection()?.toString() || !event || event.n !== app.state.selected?.n) return // a selected text wins
    e.preventDefault()
    act.copyEvent(app, event, "ticket")
    return
  }
  if (e.ctrlKey || e.metaKey || e.altKey) return
  const tabs = ["message", "fields", "xml", "json"] as const
  const keys: Record<string, () => void> = {
    "/": () => focus("find"),
    n: () => void act.findNext(app, false),
    N: () => void act.findNext(app, true),
    f: () => focus("quick"),
    a: () => app.set({ dialog: "filter", editing: undefined }),
    h: () => act.suspend(app),
    x: () => {
      app.share({ lenses: [] })
      act.setConditions(app, [])
    },
    Backspace: () => { if (app.state.shared.lenses.length > 0) act.dropLook(app, filter.looks(app.state.shared.lenses).length - 1) },
    o: () => act.setOrder(app, app.state.shared.order === "newest" ? "oldest" : "newest"),
    g: () => app.set({ dialog: "time" }),
    m: () => void act.markSelected(app),
    "]": () => void act.nextMark(app, false),
    "[": () => void act.nextMark(app, true),
    c: () => app.set({ dialog: "columns" }),
    s: () => app.set({ dialog: "saved" }),
    w: () => app.set({ dialog: "export" }),
    l: () => app.set({ dialog: "link" }),
    p: () => panel(app, "findings"),
    e: () => panel(app, "facets"),
    t: () => {
      if (!app.state.settings.timeline) app.change({ timeline: true })
      setTimeout(() => focus("timeline"), 0)
    },
    "?": () => app.set({ dialog: "help" }),
    Escape: () => focus("list"),
    "1": () => app.set({ tab: tabs[0] }), "2": () => app.set({ tab: tabs[1] }), "3": () => app.set({ tab: tabs[2] }), "4": () => app.set({ tab: tabs[3] }),
  }
  const run = keys[e.key]
  if (!run) return
  e.preventDefault()
  run()
}
