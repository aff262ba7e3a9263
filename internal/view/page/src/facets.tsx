// Facets: which values a field has in what is shown, and how often. The counts of a facet ignore its own choice, so that
// several values can be picked.

import * as act from "./actions"
import type { App } from "./app"
import { levelKey } from "./copying"
import { fieldName } from "./fields"
import * as filter from "./filter"
import { Icon, LevelIcon } from "./icons"
import { below, openMenu } from "./menus"
import { findingTitles } from "./list"
import type { FacetValue } from "./protocol"
import { useStore } from "./store"
import { oneLine } from "./visible"

export function Facets({ app }: { app: App }) {
  const s = useStore(app)
  const { say } = s
  if (!s.facets) return <p class="quiettext">{say("view.counting")}</p>
  return (
    <div class="facets">
      {s.settings.facets.map((f) => <Facet key={f} app={app} field={f} values={s.facets!.facets[f] ?? []} more={s.facets!.more[f] ?? 0} />)}
      <AddFacet app={app} />
    </div>
  )
}

function Facet({ app, field, values, more }: { app: App; field: string; values: FacetValue[]; more: number }) {
  const { say, shared, facetLimits, settings } = app.state
  const limit = facetLimits[field] ?? (field === "level" ? 6 : 8)
  // What was chosen stands first, however rare it is.
  const picked = new Set(shared.conditions.flatMap((c) => (c.field === field && !c.off ? c.values : [])))
  const first: FacetValue[] = [...picked].map((value) => values.find((v) => v.value === value) ?? { value, label: field === "finding" ? (findingTitles(app).get(value) ?? value) : value, count: -1 })
  const rest = values.filter((v) => !picked.has(v.value))
  const shown = [...first, ...rest.slice(0, Math.max(0, limit - first.length))]
  const left = more + rest.length - (shown.length - first.length)
  const most = Math.max(1, ...values.map((v) => v.count))
  const name = fieldName(field, say)
  if (values.every((v) => v.value === "") && picked.size === 0 && !field.startsWith("data.")) return null
  return (
    <section class="facet" aria-label={name}>
      <h2>
        {name}
        {field.startsWith("data.") && (
          <button class="quiet" aria-label={say("view.facet-remove", { name })} title={say("view.remove")} onClick={() => app.change({ facets: settings.facets.filter((f) => f !== field) })}><Icon name="close" /></button>
        )}
      </h2>
      {values.length === 0 && <p class="quiettext">{say("view.facet-none")}</p>}
      <ul>
        {shown.map((v) => {
          const chosen = filter.has(shared.conditions, field, v.value)
          const hidden = filter.has(shared.conditions, field, v.value, true)
          const label = v.label || v.value || say("view.empty-value")
          return (
            <li key={v.value} class={(chosen ? "chosen " : "") + (hidden ? "hidden" : "")}>
              <button
                class="pick" aria-pressed={chosen} disabled={v.value === ""} title={label}
                onClick={() => act.setConditions(app, filter.toggle(shared.conditions, field, v.value))}
                onContextMenu={(e) => {
                  e.preventDefault()
                  openMenu(app, e.clientX, e.clientY, { field, value: v.value, wanted: v.value })
                }}
                onKeyDown={(e) => {
                  if (e.key === "ContextMenu" || (e.key === "F10" && e.shiftKey)) {
                    e.preventDefault()
                    openMenu(app, ...below(e.currentTarget), { field, value: v.value, wanted: v.value })
                  }
                }}
              >
                <span class="bar" style={{ width: `${(Math.max(0, v.count) / most) * 100}%` }} aria-hidden="true" />
                {field === "level" && <LevelIcon level={+v.value} />}
                <span class="label">{oneLine(field === "level" ? say(levelKey(+v.value)) : label, 200)}</span>
                <span class="n">{v.count < 0 ? "" : say.thousands(v.count)}</span>
              </button>
              <button
                class="hide" aria-pressed={hidden} disabled={v.value === ""} aria-label={say("view.hide-value", { value: label })} title={say("view.not-this")}
                onClick={() => act.setConditions(app, filter.toggle(shared.conditions, field, v.value, true))}
              >−</button>
            </li>
          )
        })}
      </ul>
      {left > 0 && (
        <button class="quiet" onClick={() => {
          app.set({ facetLimits: { ...facetLimits, [field]: limit < 50 ? 50 : 500 } })
          void app.loadFacets()
        }}>{say("view.facet-more", { n: left })}</button>
      )}
      {left <= 0 && limit > 8 && values.length > 8 && (
        <button class="quiet" onClick={() => app.set({ facetLimits: Object.fromEntries(Object.entries(facetLimits).filter(([f]) => f !== field)) })}>{say("view.facet-less")}</button>
      )}
    </section>
  )
}

function AddFacet({ app }: { app: App }) {
  const { say, settings } = app.state
  return (
    <form class="addfacet" onSubmit={(e) => {
      e.preventDefault()
      const input = e.currentTarget.elements.namedItem("name") as HTMLInputElement
      const name = input.value.trim()
      if (!name) return
      const field = name.startsWith("data.") ? name : "data." + name
      input.value = ""
      if (!settings.facets.includes(field)) app.change({ facets: [...settings.facets, field] })
      void app.loadFacets()
    }}>
      <input name="name" type="text" placeholder={say("view.facet-add-hint")} aria-label={say("view.facet-add")} autocomplete="off" spellcheck={false} />
      <button class="button">{say("view.add")}</button>
    </form>
  )
}
