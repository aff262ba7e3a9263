package page_test

import (
	"context"
	"testing"

	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// testComputers: what happened around an event, on its computer alone; problems say on which they are.
func testComputers(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", append([]string{made(t)}, gateway...))
	tb.JS(`enter("quick", "computer:SRV01 id:101")`)
	tb.WantPart("one computer", `count()`, "100 of ")
	tb.JS(`rightClick(q("#row-3 [data-column=message]"))`)
	tb.JS(`item("± 5 minutes, this computer only")`)
	tb.Want("a look of two conditions", `chips()`, "Computer: SRV01; ID: 101; ± 5 min around the event · Computer: SRV01")
	tb.Want("around it", `String(rows().length > 0 && cells("computer").every(c => c === "SRV01"))`, "true")
	tb.JS(`press("Backspace", {}, document.body)`)
	tb.WantPart("and back", `count()`, "100 of ")
	tb.Want("problems say where", `String(qq(".problem .meta").length > 10 && qq(".problem .meta").every(m => /contoso|fabrikam|computers/.test(m.textContent)))`, "true")
	tb.Quiet()
}

// testActivity: a GUID leads to all events that have it, wherever it stands.
func testActivity(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.JS(`enter("quick", "data.User=bob text:step")`)
	tb.Want("events that tell of it", `count()`, "2 of 300 events")
	tb.JS(`rows()[0].querySelector("[data-column=message]").click()`)
	tb.JS(`until("the ID", () => q(".fields .guid")).then(g => g.click())`)
	tb.Want("a look", `q(".chip.lens .what")?.textContent ?? ""`, "Activity ID: 04030201-0605-0807-090a-0b0c0d0e0f10")
	tb.JS(`button("Keep", ".chip.lens")`)
	for _, left := range []string{"2", "1"} {
		tb.JS(`q(".chip button:last-child").click()`)
		tb.Want("one less", `qq(".chip").length`, left)
	}
	tb.Want("all that have it", `count()`, "36 of 300 events")
	tb.JS(`press("x", {}, document.body), enter("quick", "activity:{04030201-0605-0807-090A-0B0C0D0E0F10}")`)
	tb.Want("as it is typed", `count()`, "36 of 300 events")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("all", `count()`, "300 events")
	tb.JS(`q("#list").focus(), press("End")`)
	tb.WantPart("the oldest", `q(".details .when").textContent`, "09:00:00")
	tb.JS(`q("#tab-fields").click()`)
	tb.JS(`until("the field", () => q(".fields .guid")).then(g => { g.focus(); press("Enter", {}, g) })`)
	tb.Want("by the keyboard", `count()`, "36 of 300 events")
	tb.Quiet()
	tb.JS(`enter("quick", "activity:none")`)
	tb.WantPart("what is none is said", `q("#wrong")?.textContent ?? ""`, "GUID")
}

// testSelectedText: a text that is selected is what one filters by, or finds.
func testSelectedText(t *testing.T, browser context.Context) {
	axe := browsertest.Axe(t, root)
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`enter("quick", "id:401")`)
	tb.Want("one kind", `String(cells("id").length > 3 && cells("id").every(i => i === "401"))`, "true")
	tb.JS(`rows()[0].querySelector("[data-column=message]").click()`)
	tb.WantPart("a message", `q(".message")?.textContent ?? ""`, "access permissions")
	choose := func(text string) {
		tb.JS(`(() => { const walk = document.createTreeWalker(q(".message"), NodeFilter.SHOW_TEXT); let n; while ((n = walk.nextNode())) { const at = n.data.indexOf("` + text + `"); if (at >= 0) { getSelection().setBaseAndExtent(n, at, n, at + ` + "`" + text + "`" + `.length); return 1 } } throw new Error("not there") })()`)
		tb.WantPart("what can be done", `q(".selectedtext")?.innerText ?? ""`, text)
	}
	choose("access permissions")
	tb.CheckAxe(axe)
	tb.JS(`button("Only events with this text", ".selectedtext")`)
	tb.Want("a condition", `chips()`, "ID: 401; Text: “access permissions”")
	tb.Want("gone when it was used", `String(q(".selectedtext"))`, "null")
	tb.JS(`press("x", {}, document.body)`)
	choose("forbidden")
	tb.JS(`button("Find this", ".selectedtext")`)
	tb.WantPart("found", `q("#find").value + q(".foundn")?.textContent`, "forbidden")
	tb.JS(`getSelection().selectAllChildren(q("h1")), 1`)
	tb.Want("not of other parts of the page", `String(q(".selectedtext"))`, "null")
	tb.Quiet()
}

// testSeenIn: of a problem with many events the last are named, and earlier ones on demand.
func testSeenIn(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`until("a problem of many", () => qq(".problem").find(p => +(/^[\d,]+/.exec(p.querySelector(".meta").textContent)?.[0].replace(",", "") ?? 0) > 20)).then(p => { window.id = p.id; p.querySelector(".summary").click() })`)
	tb.Want("ten of them", `String(document.getElementById(window.id).querySelectorAll(".evidence li").length)`, "10")
	last := `document.getElementById(window.id).querySelector(".evidence li:last-child .light").textContent`
	want := tb.JS(last)
	tb.WantPart("of how many", `document.getElementById(window.id).innerText`, "Seen in (10 of ")
	tb.JS(`q("#" + window.id + " h3 + p button").click()`)
	tb.Want("more", `String(document.getElementById(window.id).querySelectorAll(".evidence li").length)`, "31")
	tb.Want("the last stays the last", last, want)
	tb.Want("by time", `(l => String(l.every((x, i) => i === 0 || l[i - 1] <= x)))([...document.getElementById(window.id).querySelectorAll(".evidence .light")].map(e => e.textContent))`, "true")
	first := tb.JS(`document.getElementById(window.id).querySelector(".evidence li .light").textContent`)
	tb.JS(`document.getElementById(window.id).querySelector(".evidence button").click()`)
	tb.WantPart("and each leads to its event", `q(".details .when").textContent`, first)
	tb.Quiet()
}
