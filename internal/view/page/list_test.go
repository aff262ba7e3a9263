package page_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/internal/browsertest"
)

// TestView: what somebody does with the page of gwlogs view. Whatever it is, the page loads nothing from elsewhere, and nothing fails.
func TestView(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, context.Context)
	}{
		{"list", testList},
		{"columns", testColumns},
		{"filter", testFilter},
		{"filter box", testFilterBox},
		{"sideways", testSideways},
		{"fits", testFits},
		{"selection", testSelection},
		{"menus", testMenus},
		{"values", testValues},
		{"find", testFind},
		{"saved", testSaved},
		{"link", testLink},
		{"details", testDetails},
		{"around", testAround},
		{"computers", testComputers},
		{"activity", testActivity},
		{"selected text", testSelectedText},
		{"seen in", testSeenIn},
		{"timeline", testTimeline},
		{"findings", testFindings},
		{"firewall", testFirewall},
		{"explain", testExplain},
		{"marks", testMarks},
		{"export", testExport},
		{"keyboard", testKeyboard},
		{"looks", testLooks},
		{"phone", testPhone},
		{"hostile", testHostile},
		{"gone", testGone},
		{"locked", testLocked},
		{"picking", testPicking},
		{"check", testCheck},
		{"so far", testSoFar},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, browser) })
	}
}

var gateway = testdata("gateway-en.evtx", "problems-en.evtx")

func testList(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.Want("how many", `count()`, "2,950 events")
	tb.Want("the newest first", `cells("time")[0]`, "2024-05-14 11:48:43.000")
	tb.Want("rows as they are seen", `String(rows().length > 5 && rows().length < 60)`, "true")
	tb.Want("how many a reader is told", `q("#list").getAttribute("aria-rowcount")`, "2951")
	tb.Want("something is selected", `q(".details").dataset.n !== undefined && qq(".row.selected").length`, "1")
	tb.JS(`q(".th .sort").click()`)
	tb.JS(`until("turned", () => q(".th[aria-sort=ascending]"))`)
	tb.WantPart("the oldest first", `(q("#list").scrollTop = 0, cells("time")[0])`, "2017-04-20 18:00:01")
	tb.WantPart("and said so", `q(".th[aria-sort]").getAttribute("aria-sort")`, "ascending")
	tb.JS(`const l = q("#list"); l.scrollTop = l.scrollHeight; 1`)
	tb.Want("the last row", `cells("time").at(-1)`, "2024-05-14 11:48:43.000")
	tb.JS(`const z = q(".pickzone select"); z.value = "Europe/Paris"; z.dispatchEvent(new Event("change", {bubbles: true})); 1`)
	tb.Want("another zone", `cells("time").at(-1)`, "2024-05-14 13:48:43.000")
	tb.Want("a level has a shape", `qq(".row .lvcell svg.lv").length === rows().length && qq(".row .lvcell").every(e => e.textContent)`, "true")
	tb.Quiet()
}

func testColumns(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	heads := `qq(".th").map(e => e.textContent.trim()).join()`
	tb.Want("the usual ones", heads, "Level,Time,ID,Provider,Computer,Message")
	tb.JS(`press("c", {}, document.body)`)
	tb.JS(`tick()`)
	tb.JS(`qq(".columnlist label").find(e => e.textContent.trim() === "Process").querySelector("input").click()`)
	tb.Want("one more", heads, "Level,Time,ID,Provider,Computer,Process,Message")
	tb.JS(`enter("dialog form input", "User")`)
	tb.Want("a named value", heads, "Level,Time,ID,Provider,Computer,Process,User,Message")
	tb.JS(`button("Move User to the left", "dialog")`)
	tb.Want("moved", heads, "Level,Time,ID,Provider,Computer,User,Process,Message")
	tb.JS(`qq(".columnlist label").find(e => e.textContent.trim() === "Provider").querySelector("input").click()`)
	tb.Want("one less", heads, "Level,Time,ID,Computer,User,Process,Message")
	tb.JS(`button("Close", "dialog")`)
	tb.Want("values", `cells("data.User").slice(0, 3).join() + " " + cells("process")[0]`, "carol,bob,alice 1001")
	tb.JS(`(async () => { const g = q(".th .grip"), r = g.getBoundingClientRect(); const at = (type, x) => g.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, clientX: x, clientY: r.top + 2}));
		g.setPointerCapture = () => {}; at("pointerdown", r.left); at("pointermove", r.left + 60); at("pointerup", r.left + 60); return 1 })()`)
	tb.Want("wider", `q(".th").getBoundingClientRect().width`, "176")
	tb.WantPart("kept in the address", `(press("Escape"), location.hash)`, "w=176%7Elevel")
	tb.Quiet()
}

func testFilter(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`enter("quick", "level:error")`)
	tb.WantPart("errors", `count()`, " of 2,950 events")
	tb.Want("its chip", `chips()`, "Level: error")
	tb.Want("errors alone", `String(rows().length > 3 && cells("level").every(l => l === "error"))`, "true")
	errors := strings.Fields(tb.JS(`count()`))[0]
	tb.JS(`enter("quick", "-id:401")`)
	tb.WantPart("not these", `chips()`, "ID: 401")
	tb.Want("without them", `String(count() !== "`+errors+` of 2,950 events" && !cells("id").includes("401"))`, "true")
	tb.JS(`qq(".chip")[1].querySelector("input").click()`)
	tb.Want("switched off", `count()`, errors+" of 2,950 events")
	tb.Want("and still there", `qq(".chip")[1].classList.contains("off")`, "true")
	tb.JS(`qq(".chip")[1].querySelector("input").click(), qq(".chip")[1].querySelector(".sense").click()`)
	tb.Want("turned around", `String(cells("id").length > 0 && cells("id").every(i => i === "401"))`, "true")
	tb.JS(`qq(".chip")[1].querySelector("button:last-child").click()`)
	tb.Want("taken away", `count()`, errors+" of 2,950 events")
	tb.JS(`press("h", {}, document.body)`)
	tb.Want("all for a moment", `count()`, "2,950 events")
	tb.JS(`press("h", {}, document.body)`)
	tb.Want("and back", `count()`, errors+" of 2,950 events")
	tb.JS(`history.back()`)
	tb.Want("the browser's back", `count()`, "2,950 events")
	tb.JS(`enter("quick", 'where:id = 401 and level <= 2')`)
	tb.Want("an expression", `String(cells("id").length > 0 && cells("id").every(i => i === "401"))`, "true")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("cleared", `count()`, "2,950 events")
	tb.JS(`enter("quick", "id:401 level:error time:2017-04")`)
	tb.Want("three conditions at once", `qq(".chip").length`, "3")
	tb.Want("all of them hold", `String(cells("id").length > 0 && cells("id").every(i => i === "401") && cells("time").every(x => x.startsWith("2017-04")))`, "true")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("cleared again", `count()`, "2,950 events")
	tb.JS(`press("a", {}, document.body)`)
	tb.JS(`tick()`)
	tb.JS(`const f = q(".filterform select"); f.value = "time"; f.dispatchEvent(new Event("change", {bubbles: true})); 1`)
	tb.Want("times can be typed", `qq(".filterform input").length`, "2")
	tb.JS(`type(".filterform input", "2024-05-14 02:00"); const to = qq(".filterform input")[1]; to.value = "2024-05-14 02:30"; to.dispatchEvent(new Event("input", {bubbles: true})); 1`)
	tb.JS(`q(".filterform").requestSubmit()`)
	tb.Want("between them", `String(cells("time").length > 0 && cells("time").every(x => x >= "2024-05-14 02:00" && x <= "2024-05-14 02:30:59.999"))`, "true")
	tb.Quiet()
	tb.JS(`enter("quick", "where:id = = 3")`)
	tb.Want("what is wrong is said", `Boolean(q("#wrong")?.textContent)`, "true")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("and gone again", `String(q("#wrong")) + count()`, "null2,950 events")
}

// testSelection: the event that is selected stays selected, and where it is on the screen, through every change of the filter.
func testSelection(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.Want("details of the first", `Boolean(q("#details").dataset.n)`, "true")
	first := tb.JS(`q("#details").dataset.n`)
	inView := `(r => { const l = q("#list").getBoundingClientRect(), b = r?.getBoundingClientRect(); return String(Boolean(b) && b.top >= l.top && b.bottom <= l.bottom + 1) })(q(".row.selected"))`
	tb.JS(`enter("quick", "id:401")`)
	tb.Want("filtered", `String(cells("id").length > 3 && cells("id").every(i => i === "401"))`, "true")
	tb.JS(`rows()[3].querySelector("[data-column=message]").click()`)
	tb.Want("selected", `String(rows()[3].classList.contains("selected"))`, "true")
	tb.Want("the details have followed", `String(q("#details").dataset.n !== `+quote(first)+`)`, "true")
	message, n := tb.JS(`selected()`), tb.JS(`q("#details").dataset.n`)
	for _, step := range []struct{ what, script string }{
		{"the filter goes", `press("x", {}, document.body)`},
		{"another comes", `enter("quick", "level:error")`},
		{"all are shown", `press("h", {}, document.body)`},
		{"the order turns", `q(".th .sort").click()`},
		{"a text", `enter("quick", "socket")`},
	} {
		before := tb.JS(`count() + q(".th[aria-sort]").getAttribute("aria-sort")`)
		tb.JS(step.script)
		if step.what != "a text" {
			tb.Want(step.what, `String(count() + q(".th[aria-sort]").getAttribute("aria-sort") !== `+quote(before)+`)`, "true")
		}
		tb.Want(step.what+": still selected", `selected()`, message)
		tb.Want(step.what+": in view", inView, "true")
		tb.Want(step.what+": its details", `q("#details").dataset.n`, n)
	}
	tb.JS(`press("x", {}, document.body), 1`)
	tb.JS(`enter("quick", "level:information")`)
	tb.Want("hidden by the filter, it is said", `Boolean(q(".details .hint")?.textContent)`, "true")
	tb.Want("its details stay", `q("#details").dataset.n`, n)
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("and it is back", `selected()`, message)
	tb.Want("in view", inView, "true")
	tb.Quiet()
}

func quote(s string) string {
	return "`" + strings.NewReplacer("`", "\\`", "\\", "\\\\").Replace(s) + "`"
}

func testMenus(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.Want("rows", `rows().length > 5`, "true")
	tb.JS(`rightClick(q(".row [data-column=id]"))`)
	tb.Want("the menu of a value", `qq("[role=menuitem]").slice(0, 5).map(e => e.textContent).join()`, "Only this,This too,Not this,Find this,Copy")
	tb.JS(`item("Only this")`)
	tb.Want("only this", `chips() + " " + count()`, "ID: 102 100 of 300 events")
	tb.JS(`rightClick(q(".row [data-column=id]")), item("Copy")`)
	tb.Want("copied", `window.copied`, "102")
	tb.JS(`rightClick(q(".row [data-column=level]")), item("Not this")`)
	tb.Want("not this", `count()`, "0 of 300 events")
	tb.JS(`button("Clear", ".nothing")`)
	tb.Want("all again", `count()`, "300 events")
	tb.JS(`q("#list").focus(), press("Home"), 1`)
	tb.Want("by the keyboard", `qq(".row.selected").length`, "1")
	tb.JS(`for (let i = 0; i < 9; i++) press("ArrowLeft"); press("ArrowRight"); press("ArrowRight"); 1`)
	tb.Want("a cell", `q(".td.cursor")?.dataset.column ?? ""`, "id")
	tb.Want("that a reader is told", `document.getElementById(q("#list").getAttribute("aria-activedescendant"))?.textContent`, "102")
	tb.JS(`press("F10", {shiftKey: true})`)
	tb.Want("has the menu", `document.activeElement.textContent`, "Only this")
	tb.JS(`press("ArrowDown"), press("ArrowDown"), document.activeElement.click(), tick()`)
	tb.Want("not this", `count() + [...q(".chip").classList].join()`, "200 of 300 eventschip,exclude")
	tb.Want("the keyboard is back in the list", `document.activeElement.id`, "list")
	tb.JS(`press("x", {}, document.body), q("#tab-message").click()`)
	tb.JS(`rightClick(qq(".fields .value")[0])`)
	tb.JS(`item("As a column")`)
	tb.Want("a named value as a column", `q(".th:nth-child(6)").textContent`, "User")
	tb.JS(`rightClick(qq(".fields .value")[0]), item("Only this")`)
	tb.Want("only this name", `count()`, "100 of 300 events")
	tb.JS(`rightClick(q(".row [data-column='data.User']")), item("Not this")`)
	tb.Want("the opposite takes its place", `count()`, "200 of 300 events")
	tb.Quiet()
}

func testValues(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "panel=facets", []string{made(t)})
	facet := func(name string) string {
		return `qq(".facet").find(f => f.getAttribute("aria-label") === "` + name + `")`
	}
	tb.WantPart("levels and how often", facet("Level")+`?.innerText ?? ""`, "warning\n100")
	tb.JS(facet("Level") + `.querySelector(".pick").click()`)
	tb.Want("one", `count()`, "100 of 300 events")
	tb.Want("its own counts stay", facet("Level")+`.querySelectorAll("li").length`, "3")
	tb.Want("those of others follow", facet("ID")+`.querySelectorAll("li").length`, "1")
	tb.JS(facet("Level") + `.querySelectorAll(".pick")[1].click()`)
	tb.Want("two", `count()`, "200 of 300 events")
	tb.JS(facet("Level") + `.querySelectorAll(".pick")[1].click()`)
	tb.Want("one again", `count()`, "100 of 300 events")
	tb.JS(`press("x", {}, document.body)`)
	tb.JS(`enter(".addfacet input", "User")`)
	tb.WantPart("a named value", facet("User")+` && qq(".facet").find(f => f.innerText.includes("alice"))?.innerText`, "alice\n100")
	tb.JS(`button("Hide alice")`)
	tb.Want("hidden", `count()`, "200 of 300 events")
	tb.Quiet()
}

func testFind(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.JS(`enter("find", "iframe")`)
	tb.Want("found", `selected().includes("iframe") || q(".row.selected").textContent.includes("iframe")`, "true")
	tb.Want("nothing is hidden", `count()`, "300 events")
	tb.Want("marked in the list", `qq(".row mark").length > 0 && q(".row mark").textContent`, "iframe")
	tb.WantPart("how many", `q(".foundn").textContent`, " of 50")
	first := tb.JS(`q(".row.selected").dataset.at`)
	tb.JS(`press("F3", {}, document.body)`)
	tb.Want("the next", `Number(q(".row.selected")?.dataset.at ?? -1) === `+first+` + 6`, "true")
	tb.JS(`press("F3", {shiftKey: true}, document.body)`)
	tb.Want("the one before", `q(".row.selected")?.dataset.at ?? ""`, first)
	tb.JS(`q("#list").focus(), press("n"), 1`)
	tb.Want("n", `Number(q(".row.selected")?.dataset.at ?? -1) === `+first+` + 6`, "true")
	tb.JS(`enter("find", "no such text")`)
	tb.WantPart("none", `q("#said").textContent`, "no such text")
	tb.JS(`q("#list").focus(), press("f", {ctrlKey: true})`)
	tb.Want("Ctrl+F", `document.activeElement.id`, "find")
	tb.Quiet()
}

func testSaved(t *testing.T, browser context.Context) {
	k := newKeep()
	tb := show(t, browser, k, "", []string{made(t)})
	tb.JS(`enter("quick", "id:101")`)
	tb.Want("filtered", `count()`, "100 of 300 events")
	tb.JS(`press("s", {}, document.body)`)
	tb.JS(`enter("dialog input", "mine")`)
	tb.WantPart("saved", `q(".savedlist").textContent`, "mine")
	tb.JS(`new Promise(r => setTimeout(() => r(1), 600))`)
	if got, _ := k.get("settings"); !strings.Contains(string(got), `"mine"`) {
		t.Errorf("kept: %s", got)
	}
	tb.Quiet()
	again := show(t, browser, k, "", []string{made(t)})
	again.JS(`press("s", {}, document.body)`)
	again.JS(`tick().then(() => q(".savedlist button").click())`)
	again.Want("and used the next time", `count()`, "100 of 300 events")
	again.Quiet()
}

// testLink: a colleague with the same logs sees the same; the token is not in the link.
func testLink(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`enter("quick", "id:401")`)
	tb.JS(`q(".th .sort").click()`)
	tb.JS(`enter("find", "socket")`)
	tb.Want("found", `String(Boolean(q(".foundn")?.textContent && q(".th[aria-sort=ascending]")))`, "true")
	tb.JS(`press("m", {}, document.body)`)
	tb.JS(`until("note", () => q(".note")).then(() => type(".note", "look here") && tick())`)
	tb.JS(`press("l", {}, document.body)`)
	tb.JS(`tick()`)
	link := tb.JS(`q("dialog textarea").value`)
	if strings.Contains(link, "t=") && !strings.Contains(link, "event=") || strings.Contains(link, tb.JS(`new URLSearchParams(location.hash.slice(1)).get("t")`)) {
		t.Errorf("the link: %s", link)
	}
	state := `[count(), chips(), q("#find").value, q(".th[aria-sort]").getAttribute("aria-sort"), selected(), q(".note")?.value].join(" | ")`
	want := tb.JS(state)
	tb.Quiet()
	_, fragment, _ := strings.Cut(link, "#")
	colleague := show(t, browser, newKeep(), fragment, gateway)
	colleague.Want("by the address", state, want)
	colleague.Quiet()
	other := show(t, browser, newKeep(), "", gateway)
	other.JS(`const d = new DataTransfer(); d.setData("text/plain", ` + quote(link) + `); document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true})); 1`)
	other.Want("by pasting it", state, want)
	other.Want("with its own token", `new URLSearchParams(location.hash.slice(1)).get("t").length > 10`, "true")
	other.Quiet()
}

var phone = chromedp.EmulateViewport(390, 844)
