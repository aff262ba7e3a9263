// The head of the page: what is open, the search, and how things are shown.

import * as act from "./actions"
import type { App } from "./app"
import { Icon } from "./icons"
import { useStore } from "./store"
import { localZone } from "./times"
import { oneLine } from "./visible"

const zones = (): string[] => {
  const of = (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf
  return of ? of("timeZone").filter((z) => z !== "UTC") : []
}

export function TopBar({ app, phone }: { app: App; phone: boolean }) {
  const s = useStore(app)
  const { say, shared, status, settings, hello } = s
  const sources = status?.sources ?? []
  const name = sources.length === 1 ? sources[0]!.name : say("view.sources-n", { n: sources.length })
  const dark = settings.theme ? settings.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
  return (
    <header class="top">
      <h1>gwlogs <span class="light">view</span></h1>
      <button class="opened" onClick={() => { act.setPanel(app, "sources"); if (phone) app.set({ phone: "side" }) }} title={sources.map((x) => x.name).join("\n")}>
        {oneLine(name, 80)}{status?.live && <span class="live">{say("view.live")}</span>}{status && status.damage.length > 0 && <span class="damagedflag" title={say("view.damage", { n: status.damage.length })}>!</span>}
      </button>
      <form class="find" role="search" aria-label={say("view.find-label")} onSubmit={(e) => { e.preventDefault(); void act.findNext(app, false) }}>
        <Icon name="search" />
        <input
          id="find" type="search" value={shared.find} placeholder={say("view.find-hint")} aria-label={say("view.find-label")} spellcheck={false} autocomplete="off"
          onInput={(e) => app.share({ find: e.currentTarget.value.slice(0, 500) })}
          onKeyDown={(e) => { if (e.key === "Enter" && e.shiftKey) { e.preventDefault(); void act.findNext(app, true) } }}
        />
        {s.finding && <span class="spin" aria-hidden="true" />}
        {s.found && s.found.text === shared.find && shared.find && <output class="foundn">{s.found.found === 0 ? "0" : say("view.find-n", { i: s.found.index + 1, n: s.found.found })}</output>}
        <button type="button" class="button slim" aria-label={say("view.key-previous")} title={say("view.key-previous") + " (Shift+F3)"} onClick={() => void act.findNext(app, true)}><Icon name="up" /></button>
        <button class="button slim" aria-label={say("view.key-next")} title={say("view.key-next") + " (F3)"}><Icon name="down" /></button>
      </form>
      <div class="settings">
        {phone && <button class="button slim morebutton" aria-expanded={s.more} aria-label={say("view.settings")} onClick={() => app.set({ more: !s.more })}><Icon name="more" /></button>}
        <label class="pickzone"><span class="unseen">{say("view.zone")}</span>
          <select value={shared.zone} title={say("view.zone")} onChange={(e) => { app.share({ zone: e.currentTarget.value }); app.change({ zone: e.currentTarget.value }) }}>
            <option value="local">{say("view.zone-local", { zone: localZone() })}</option>
            <option value="UTC">UTC</option>
            {shared.zone !== "local" && shared.zone !== "UTC" && <option value={shared.zone}>{shared.zone}</option>}
            <optgroup label={say("view.zone-others")}>{zones().filter((z) => z !== shared.zone).map((z) => <option key={z} value={z}>{z}</option>)}</optgroup>
          </select>
        </label>
        <label><span class="unseen">{say("view.language")}</span>
          <select value={hello?.lang} title={say("view.language")} onChange={(e) => { app.change({ lang: e.currentTarget.value }); void app.speak(e.currentTarget.value) }}>
            <option value="en">English</option><option value="fr">Français</option>
          </select>
        </label>
        <button class="button slim" onClick={() => app.set({ dialog: "columns" })} aria-label={say("view.columns")} title={say("view.columns") + " (c)"}><Icon name="columns" /></button>
        <button class="button slim" aria-pressed={settings.timeline} onClick={() => app.change({ timeline: !settings.timeline })} aria-label={say("view.timeline")} title={say("view.timeline")}><Icon name="chart" /></button>
        {!phone && <button class="button slim" onClick={() => app.change({ dock: isRight(settings.dock) ? "bottom" : "right", details: 0 })} aria-label={say(isRight(settings.dock) ? "view.dock-bottom" : "view.dock-right")} title={say(isRight(settings.dock) ? "view.dock-bottom" : "view.dock-right")}><Icon name={isRight(settings.dock) ? "dock" : "dockright"} /></button>}
        <button class="button slim" onClick={() => app.set({ dialog: "link" })} aria-label={say("view.link")} title={say("view.link") + " (l)"}><Icon name="link" /></button>
        <button class="button slim" onClick={() => app.set({ dialog: "export" })} aria-label={say("view.export")} title={say("view.export") + " (w)"}><Icon name="out" /></button>
        <button class="button slim" onClick={() => app.change({ theme: dark ? "light" : "dark" })} aria-label={say(dark ? "view.light" : "view.dark")} title={say(dark ? "view.light" : "view.dark")}><Icon name={dark ? "sun" : "moon"} /></button>
        <button class="button slim" onClick={() => app.set({ dialog: "help" })} aria-label={say("view.help")} title={say("view.help") + " (?)"}>?</button>
      </div>
    </header>
  )
}

const isRight = (dock: string): boolean => dock === "right" || (dock === "auto" && window.innerWidth >= 1900)
