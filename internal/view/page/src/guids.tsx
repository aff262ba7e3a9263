// GUIDs in the texts of a log: of activities, runs, tasks. A click shows all events that have the same.

import * as act from "./actions"
import type { App } from "./app"
import { Marked } from "./list"

const form = /(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/gi
const most = 200 // in one text

// cutGUIDs cuts a text where a GUID begins or ends: every second part is one.
export function cutGUIDs(text: string): string[] {
  const out: string[] = []
  let from = 0
  for (const m of text.matchAll(form)) {
    if (out.length >= 2 * most) break
    out.push(text.slice(from, m.index), m[0])
    from = m.index + m[0].length
  }
  out.push(text.slice(from))
  return out
}

export const sameGUID = (app: App, guid: string): void => {
  if (app.state.phone === "details") app.set({ phone: "list" })
  act.look(app, { field: "activity", values: [guid.toLowerCase()] })
}

// Linked is a text in which each GUID leads to the events that have it.
export function Linked({ app, text }: { app: App; text: string }) {
  const { say, shared } = app.state
  return <>{cutGUIDs(text).map((p, i) => i % 2 === 1
    ? (
      // No button: the text of one cannot be selected together with what stands around it.
      <span
        key={i} class="guid" role="link" tabIndex={0} title={say("view.same-guid")} onClick={() => { if (!window.getSelection()?.toString()) sameGUID(app, p) }}
        onKeyDown={(e) => { if (e.key === "Enter") { e.preventDefault(); e.stopPropagation(); sameGUID(app, p) } }}
      ><Marked text={p} find={shared.find} /></span>
    )
    : p && <Marked key={i} text={p} find={shared.find} />)}</>
}
