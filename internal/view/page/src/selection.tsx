// A text that is selected in the details: filter by it, or find it.

import { useEffect, useState } from "preact/hooks"
import * as act from "./actions"
import type { App } from "./app"
import * as filter from "./filter"
import { oneLine } from "./visible"

const longest = 1000 // characters that are looked for

// selectedIn is the text that is selected inside of an element; empty for none, and for one that begins or ends outside of it.
export function selectedIn(box: Element | null): string {
  const s = window.getSelection()
  if (!box || !s || s.isCollapsed || !box.contains(s.anchorNode) || !box.contains(s.focusNode)) return ""
  const text = s.toString().trim()
  return text.length > longest ? "" : text
}

export function SelectedText({ app, within }: { app: App; within: string }) {
  const { say } = app.state
  const [text, setText] = useState("")
  useEffect(() => {
    const changed = () => setText(selectedIn(document.getElementById(within)))
    document.addEventListener("selectionchange", changed)
    return () => document.removeEventListener("selectionchange", changed)
  }, [within])
  if (text === "") return null
  // A log ends lines otherwise than a screen does: each line is looked for by itself, or the longest alone where only one can be.
  const lines = text.split(/\s*\n\s*/).filter(Boolean).slice(0, 10)
  const longestLine = lines.reduce((a, b) => (b.length > a.length ? b : a))
  const use = (run: () => void) => () => {
    window.getSelection()?.removeAllRanges()
    if (app.state.phone === "details") app.set({ phone: "list" })
    run()
  }
  // A button would take the selection away before its click has come.
  return (
    <div class="selectedtext" role="toolbar" aria-label={say("view.selected-text")} onPointerDown={(e) => e.preventDefault()} onMouseDown={(e) => e.preventDefault()}>
      <q class="light">{oneLine(text, 40)}</q>
      <button class="button" onClick={use(() => act.setConditions(app, lines.reduce((c, line) => filter.add(c, "text", line), app.state.shared.conditions)))}>{say("view.only-text")}</button>
      <button class="button" onClick={use(() => act.exclude(app, "text", longestLine))}>{say("view.not-text")}</button>
      <button class="button" onClick={use(() => act.findValue(app, longestLine))}>{say("view.find-this")}</button>
    </div>
  )
}
