package page_test

import (
	"context"
	"testing"

	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// testPicking: several events are selected by Shift and Ctrl, and copied for a ticket or as a table.
func testPicking(t *testing.T, browser context.Context) {
	axe := browsertest.Axe(t, root)
	tb := show(t, browser, newKeep(), "col=level&col=time&col=id&col=data.User&col=message", []string{made(t)})
	picked := `qq(".row.picked").map(r => r.dataset.at).join()`
	tb.Want("rows", `rows().length > 5`, "true")
	tb.JS(`q("#row-2 [data-column=message]").click()`)
	tb.Want("one", `q(".row.selected")?.dataset.at`, "2")
	tb.JS(`q("#row-6 [data-column=message]").dispatchEvent(new MouseEvent("click", {bubbles: true, shiftKey: true}))`)
	tb.Want("up to there", picked, "2,3,4,5,6")
	tb.WantPart("it is said", `q(".pickedbar")?.innerText ?? ""`, "5 events selected")
	tb.Want("a reader is told", `qq(".row[aria-selected=true]").length + q("#list").getAttribute("aria-multiselectable")`, "5true")
	tb.CheckAxe(axe)
	tb.JS(`button("Copy as text for a ticket", ".pickedbar")`)
	tb.Want("five blocks, by time", `(t => String(t.length === 5 && t.every((x, i) => i === 0 || t[i - 1] < x)))((window.copied ?? "").match(/^time: .*$/gm) ?? [])`, "true")
	tb.Want("with the name of the log", `String((window.copied.match(/^log: +made\.evtx$/gm) ?? []).length)`, "5")
	tb.JS(`window.copied = "", q("#list").focus(), press("c", {ctrlKey: true})`)
	tb.Want("by the keyboard", `String((window.copied.match(/^time: /gm) ?? []).length)`, "5")
	tb.JS(`button("Copy as a table", ".pickedbar")`)
	tb.Want("a table", `window.copied.split("\n").length + "|" + window.copied.split("\n")[0]`, "7|Level\tTime (UTC)\tID\tUser\tMessage")
	tb.Want("rows as in the list, and no formula", `String(window.copied.split("\n").slice(1, 6).every(l => l.split("\t").length === 5 && !/(^|\t)[=+@-]/.test(l)))`, "true")
	tb.JS(`q("#row-4 [data-column=message]").dispatchEvent(new MouseEvent("click", {bubbles: true, ctrlKey: true}))`)
	tb.Want("one less", picked, "2,3,5,6")
	tb.JS(`rightClick(q("#row-3 [data-column=id]"))`)
	tb.JS(`item("Copy 4 events as a table")`)
	tb.Want("by the menu", `window.copied.split("\n").length`, "6")
	tb.JS(`q("#list").focus(), press("Escape")`)
	tb.Want("one again", picked+` + q(".row.selected").dataset.at`, "3")
	tb.JS(`(async () => { for (let i = 0; i < 3; i++) { press("ArrowDown", {shiftKey: true}); await tick() } press("ArrowUp", {shiftKey: true}); await tick() })()`)
	tb.Want("by the keyboard", picked, "3,4,5")
	tb.JS(`press("ArrowDown")`)
	tb.Want("a step without Shift selects one", picked+` + q(".row.selected").dataset.at`, "6")
	tb.JS(`press("a", {ctrlKey: true})`)
	tb.WantPart("all", `q(".pickedbar")?.innerText ?? ""`, "300 events selected")
	tb.JS(`enter("quick", "id:101")`)
	tb.Want("another filter selects one", picked, "")
	tb.Quiet()
	many := show(t, browser, newKeep(), "", gateway)
	many.JS(`q("#list").focus(), press("a", {ctrlKey: true})`)
	many.WantPart("of many the first", `q(".pickedbar")?.innerText ?? ""`, "500 events selected")
	many.WantPart("and it is said", `q("#said").textContent`, "At most 500 events")
	many.Quiet()
}

// testSoFar: while a log is read, the list says that what comes first may not be the newest.
func testSoFar(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.Want("nothing is said of a log that was read", `String(q(".sofar")) + count()`, "null300 events")
	tb.JS(`window.reading = true; const real = window.fetch; window.fetch = async (to, o) => {
		const r = await real(to, o);
		return window.reading && to === "/api/status" ? new Response(JSON.stringify({...await r.json(), loading: true})) : r
	}; 1`)
	tb.Want("the newest so far", `q(".th .sofar")?.textContent.trim() ?? ""`, "newest so far")
	tb.Want("and so many", `count()`, "300 events so far")
	tb.JS(`q(".th .sort").click()`)
	tb.Want("the oldest so far", `q(".th .sofar")?.textContent.trim() ?? ""`, "oldest so far")
	tb.JS(`window.reading = false, 1`)
	tb.Want("until the end", `String(q(".sofar")) + count()`, "null300 events")
	tb.Quiet()
}
