package page_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gwlogs/gwlogs/internal/browsertest"
	"github.com/gwlogs/gwlogs/internal/words"
)

func testDetails(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`enter("quick", "id:1040")`)
	tb.Want("one kind", `cells("id").every(i => i === "1040") && rows().length > 1`, "true")
	tb.JS(`rows()[0].querySelector("[data-column=message]").click()`)
	tb.WantPart("the message", `q(".message")?.textContent ?? ""`, "failed")
	tb.WantPart("its chain, taken apart", `q(".unfolded")?.innerText ?? ""`, "GetOAuth2AccessTokenErrorResponse")
	tb.JS(`press("2", {}, document.body)`)
	tb.WantPart("all fields", `q(".tabpanel").innerText`, "problems-en.evtx")
	tb.JS(`press("3", {}, document.body)`)
	tb.WantPart("XML", `q(".tabpanel").textContent`, "<EventID")
	tb.JS(`press("4", {}, document.body)`)
	tb.Want("JSON", `Boolean(JSON.parse(q(".tabpanel").textContent).Event)`, "true")
	tb.JS(`press("1", {}, document.body)`)
	tb.Want("its problem", `Boolean(q(".itsfindings"))`, "true")
	tb.JS(`q("#list").focus(), press("c", {ctrlKey: true})`)
	tb.WantPart("text for a ticket", `window.copied`, "1040")
	tb.WantPart("with the problem", `window.copied`, "Known problem: ")
	for _, form := range []struct{ item, part string }{{"Copy as one line", "error  1040  "}, {"Copy as XML", "<Event "}, {"Copy as JSON", `"EventID"`}, {"Copy the message", "failed"}} {
		tb.JS(`window.copied = "", button("Copy as", ".details").then(() => item("` + form.item + `"))`)
		tb.WantPart(form.item, `window.copied`, form.part)
	}
	tb.JS(`window.copied = "", getSelection().selectAllChildren(q(".message")), press("c", {ctrlKey: true}, document.body)`)
	tb.Want("a selected text is the browser's to copy", `window.copied`, "")
	tb.Quiet()
}

func testAround(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.JS(`enter("quick", "id:100")`)
	tb.Want("one kind", `count()`, "100 of 300 events")
	tb.JS(`press("x", {}, document.body), q("#list").focus(), press("End"), 1`)
	tb.WantPart("the oldest", `q(".details .when").textContent`, "09:00:00")
	around := func(item, want string) {
		t.Helper()
		tb.JS(`button("Around it", ".tools").then(() => item("` + item + `"))`)
		tb.Want(item, `count()`, want)
		tb.JS(`press("Backspace", {}, document.body)`)
		tb.Want(item+", and back", `count()`, "300 events")
	}
	around("± 5 minutes around it", "6 of 300 events")
	around("Same activity ID", "36 of 300 events")
	around("Same process", "150 of 300 events")
	around("Same provider and ID", "100 of 300 events")
	around("From here on", "300 events")
	around("Up to here", "1 of 300 events")
	around("± 30 minutes, this computer only", "31 of 300 events")
	tb.JS(`button("Around it", ".tools").then(() => item("Same activity ID"))`)
	tb.Want("a lens", `qq(".chip.lens").length`, "1")
	tb.JS(`button("Keep", ".chip.lens")`)
	tb.Want("kept as a condition", `qq(".chip.lens").length + "," + qq(".chip").length + "," + count()`, "0,1,36 of 300 events")
	tb.JS(`press("ArrowUp", {}, q("#list")), 1`)
	tb.JS(`press("x", {}, document.body)`)
	tb.JS(`press("g", {}, document.body)`)
	tb.Want("the field has the focus", `document.activeElement.tagName`, "INPUT")
	tb.JS(`press("Escape", {}, document.activeElement)`)
	tb.JS(`press("g", {}, document.body), tick().then(() => enter("dialog input", "2024-05-13 11:00"))`)
	tb.WantPart("to a time", `q(".details .when").textContent`, "2024-05-13 11:00:00")
	tb.Quiet()
}

// testFindings: every problem leads to its events, and every event to its problem; in English and in French.
func testFindings(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.Want("the state", `qq(".state").length > 0 && qq(".state .badge").every(b => b.textContent)`, "true")
	tb.Want("problems", `qq(".problem").length > 30`, "true")
	const proxy = `q("#finding-proxy-authentication-required")`
	tb.JS(proxy + `.querySelector(".summary").click()`)
	tb.WantPart("cause and steps", proxy+`.innerText`, "What to do")
	tb.JS(proxy + `.querySelector(".primary").click()`)
	tb.Want("its events", `chips()`, "Problem: The proxy wants a user name and password (HTTP 407)")
	tb.Want("as many as said", `(`+proxy+`.querySelector(".primary").textContent.match(/\d+/) ?? ["1"])[0] === count().split(" ")[0]`, "true")
	tb.JS(`press("x", {}, document.body), ` + proxy + `.querySelector(".summary").click()`)
	tb.Want("all again", `count()`, "2,950 events")
	tb.JS(proxy + `.querySelector(".summary").click()`)
	tb.JS(`button("First", "#finding-proxy-authentication-required")`)
	tb.WantPart("its first event", `q(".details .when").textContent`, tb.JS(proxy+`.querySelector(".meta").textContent.match(/2\d+-\S+ \S+/)[0]`))
	tb.JS(`button("The proxy wants a user name and password (HTTP 407)", ".itsfindings")`)
	tb.Want("an event leads to its problem", `String(`+proxy+`.classList.contains("open"))`, "true")
	tb.Quiet()
}

func testFirewall(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.Want("addresses", `qq(".endpoints tbody tr").length > 5`, "true")
	tb.JS(`qq(".jump button").find(b => b.textContent.startsWith("Firewall")).click()`)
	tb.Want("a click leads down to them", `String(Math.abs(q("#firewall").getBoundingClientRect().top - q(".sidebody").getBoundingClientRect().top) < 40) + document.activeElement.id`, "truefirewall")
	tb.JS(`button("Copy as CSV")`)
	tb.WantPart("as csv", `window.copied`, "address,port,protocol,times,first,last,computers\r\n")
	tb.JS(`button("Copy as a table")`)
	tb.WantPart("as a table", `window.copied`, "9350\tTCP\t")
	tb.JS(`button("First", ".endpoints thead")`)
	tb.Want("which was refused first", `(f => f.every((x, i) => i === 0 || f[i - 1] <= x))(qq(".endpoints tbody tr").map(r => r.cells[2].textContent))`, "true")
	tb.JS(`button("First", ".endpoints thead")`)
	tb.Want("and last, the other way round", `(f => f.every((x, i) => i === 0 || f[i - 1] >= x))(qq(".endpoints tbody tr").map(r => r.cells[2].textContent)) + q(".endpoints [aria-sort]").getAttribute("aria-sort")`, "truedescending")
	tb.JS(`button("Address", ".endpoints thead")`)
	tb.Want("numbers as numbers", `(f => f.length > 3 && f.every((x, i) => i === 0 || f[i - 1] <= x))(qq(".endpoints tbody .code").map(r => r.textContent).filter(a => /^[\d.]+:/.test(a)).map(a => a.split(/[.:]/).map(n => n.padStart(5, "0")).join()))`, "true")
	for _, row := range []string{`tr:first-child`, `tr:nth-last-child(6)`, `tr:last-child`} {
		tb.JS(`q(".endpoints tbody ` + row + ` .code").click()`)
		tb.Want("its events: "+row, `String(count() !== "2,950 events" && q(".endpoints tbody `+row+`").cells[1].textContent === count().split(" ")[0])`, "true")
		tb.JS(`press("x", {}, document.body)`)
		tb.Want("all", `count()`, "2,950 events")
	}
	tb.Want("unexplained errors", `qq(".shape").length > 0`, "true")
	tb.JS(`q(".shape .button").click()`)
	tb.Want("lead to their events", `(q(".shape .button").textContent.match(/\d+/) ?? ["1"])[0] === count().split(" ")[0]`, "true")
	tb.Quiet()
}

func testExplain(t *testing.T, browser context.Context) {
	for _, lang := range []string{"en", "fr"} {
		k := newKeep()
		k.kept["settings"] = []byte(fmt.Sprintf(`{"lang":%q,"zone":"UTC"}`, lang))
		tb := show(t, browser, k, "panel=explain", testdata("short.evtx"))
		tb.Want("the language", `document.documentElement.lang`, lang)
		tb.JS(`enter("explaintext", "The remote name could not be resolved: 'foo.bar'")`)
		tb.WantPart("a problem, and what to do", `q(".explain").innerText`, words.In(lang).Say("view.steps"))
		tb.JS(`enter("explaintext", "All is well.")`)
		tb.Want("nothing", `Boolean(q(".explain pre")?.textContent)`, "true")
		tb.JS(`q("#side-findings").click()`)
		tb.WantPart("the problems too", `q(".findings")?.innerText ?? ""`, words.In(lang).Say("view.state"))
		tb.Want("no key without its sentence", `document.body.innerText.match(/\b(view|severity|level|status)\.[a-z-]+/)?.[0] ?? ""`, "")
		tb.Quiet()
	}
}

func testMarks(t *testing.T, browser context.Context) {
	k := newKeep()
	log := made(t)
	tb := show(t, browser, k, "", []string{log})
	tb.JS(`q("#list").focus(), press("End"), 1`)
	tb.WantPart("the oldest", `q(".details .when").textContent`, "09:00:00")
	tb.JS(`tick().then(() => press("m", {}, q("#list")))`)
	tb.Want("marked", `qq(".row.marked").length`, "1")
	tb.JS(`until("note", () => q(".note"))`)
	tb.JS(`type(".note", "asked the customer\nabout this"), q("#list").focus(), press("c", {ctrlKey: true})`)
	tb.WantPart("in the ticket", `window.copied`, "Note: asked the customer\nabout this")
	tb.JS(`q("#list").focus(), press("Home"), 1`)
	tb.WantPart("the newest", `q(".details .when").textContent`, "13:59:00")
	tb.JS(`press2("m", "]")`)
	tb.WantPart("the next mark", `q(".details .when").textContent`, "09:00:00")
	tb.JS(`q("#side-marks").click()`)
	tb.JS(`button("Show these alone")`)
	tb.Want("both alone", `count()`, "2 of 300 events")
	tb.JS(`button("Copy all for a ticket")`)
	tb.Want("both copied, by time", `window.copied.indexOf("09:00:00") < window.copied.indexOf("13:59:00") && window.copied.includes("asked the customer")`, "true")
	tb.JS(`new Promise(r => setTimeout(() => r(1), 600))`)
	tb.Quiet()
	again := show(t, browser, k, "panel=marks", []string{log})
	again.WantPart("there the next time", `q(".marks")?.innerText ?? ""`, "asked the customer")
	again.Want("on their events", `qq(".row.marked").length`, "1")
	again.Quiet()
}

func testExport(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "c=%2Bid%7C101", []string{made(t)})
	tb.Want("filtered", `count()`, "100 of 300 events")
	tb.JS(`HTMLAnchorElement.prototype.click = function () { window.got = fetch(this.href).then(r => r.arrayBuffer()).then(b => this.download + " " + new TextDecoder("latin1").decode(b.slice(0, 400))); }; 1`)
	for _, f := range []struct{ format, part string }{{"evtx", "ElfFile"}, {"csv", "Maker"}, {"json", "["}, {"jsonl", `{"Event"`}, {"xml", "<Event"}, {"rows.jsonl", "Maker"}} {
		tb.JS(`window.got = undefined, press("w", {}, document.body), tick()`)
		tb.JS(`qq(".exportlist b").find(b => b.textContent === "` + f.format + `").parentElement.click()`)
		tb.WantPart(f.format, `window.got ?? ""`, f.part)
	}
	tb.Quiet()
}

func testTimeline(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", []string{made(t)})
	tb.Want("bars", `qq(".plot .bars").length`, "3")
	drag := func(from, to float64) {
		tb.JS(fmt.Sprintf(`(() => { const p = q(".plot"), r = p.getBoundingClientRect(); p.setPointerCapture = () => {};
			const at = (type, x) => p.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1, button: 0, clientX: r.left + r.width * x, clientY: r.top + 40}));
			at("pointerdown", %f); at("pointermove", %f); at("pointerup", %f) })()`, from, to, to))
	}
	drag(0.25, 0.75)
	tb.WantPart("zoomed", `q(".tltools")?.innerText ?? ""`, "Filter to this time")
	tb.Want("without filtering", `count()`, "300 events")
	tb.JS(`button("Filter to this time")`)
	tb.Want("half of it", `(n => n > 140 && n < 160)(Number(count().split(" ")[0]))`, "true")
	tb.JS(`press("x", {}, document.body), button("All of the time")`)
	tb.Want("all of the time", `q(".tltools").innerText`, "")
	tb.WantPart("drawn", `q("#timeline").getAttribute("aria-valuetext")`, "09:00:00 to 2024-05-13 13:59:00")
	drag(0.5, 0.5)
	tb.Want("a click filters to a bar", `(n => n > 0 && n < 20)(Number(count().split(" ")[0]))`, "true")
	tb.JS(`press("x", {}, document.body)`)
	tb.Want("all", `count()`, "300 events")
	tb.JS(`press("t", {}, document.body), 1`)
	tb.Want("by the keyboard", `document.activeElement.id`, "timeline")
	tb.JS(`press("ArrowRight"), 1`)
	tb.WantPart("a bar is told", `(press("ArrowRight"), q("#timeline").getAttribute("aria-valuetext"))`, "2024-05-13")
	tb.JS(`press("Enter")`)
	tb.Want("and filtered to", `(n => n > 0 && n < 20)(Number(count().split(" ")[0]))`, "true")
	tb.JS(`press("x", {}, document.body), (s => { s.value = "id"; s.dispatchEvent(new Event("change", {bubbles: true})) })(q(".by select"))`)
	tb.WantPart("by id", `q(".legend").innerText`, "101")
	tb.JS(`qq(".legend button")[0].click()`)
	tb.Want("a click into the legend filters", `count()`, "100 of 300 events")
	tb.Quiet()
	gaps := show(t, browser, newKeep(), "", testdata("short.evtx"))
	gaps.Want("marks of findings", `qq(".findmark").length > 0`, "true")
	gaps.JS(`q(".findmark").click()`)
	gaps.Want("lead to them", `qq(".problem.open").length`, "1")
	gaps.Quiet()
}

func testKeyboard(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway)
	tb.JS(`q("#list").focus(), press("ArrowDown"), press("ArrowDown"), 1`)
	tb.JS(`press("?")`)
	tb.WantPart("the list of keys", `q("dialog[open]")?.innerText ?? ""`, "select another event")
	tb.JS(`button("Close", "dialog")`)
	tb.Want("closed, and back in the list", `String(q("dialog")) + document.activeElement.id`, "nulllist")
	tb.JS(`press("Enter")`)
	tb.Want("to the details", `document.activeElement.id`, "details")
	tb.JS(`press("Escape")`)
	tb.Want("and back", `document.activeElement.id`, "list")
	tb.JS(`press("End")`)
	tb.WantPart("the end", `q(".details .when").textContent`, "2017-04-20 18:00:01")
	tb.JS(`press("PageUp"), 1`)
	tb.Want("a page up", `Number(q(".row.selected")?.dataset.at ?? 0) < 2949`, "true")
	tb.JS(`press("p")`)
	tb.Want("to the problems", `document.activeElement.id`, "side")
	tb.JS(`press("f", {}, document.body)`)
	tb.Want("to the filter", `document.activeElement.id`, "quick")
	tb.JS(`press("Escape")`)
	tb.Want("a splitter moves", `(s => { const before = s.getAttribute("aria-valuenow"); press("ArrowRight", {}, s); return new Promise(r => setTimeout(() => r(s.getAttribute("aria-valuenow") - before), 50)) })(q(".splitter.vertical"))`, "24")
	tb.Quiet()
}

// testLooks: axe finds nothing in any of the parts, in both languages and both colours.
func testLooks(t *testing.T, browser context.Context) {
	axe := browsertest.Axe(t, root)
	log := made(t)
	for _, look := range []struct{ lang, colours string }{{"en", "light"}, {"fr", "dark"}} {
		k := newKeep()
		k.kept["settings"] = []byte(fmt.Sprintf(`{"lang":%q,"zone":"UTC"}`, look.lang))
		tb := show(t, browser, k, "", append([]string{log}, testdata("gateway-en.evtx", "problems-fr.evtx")...), browsertest.Media("screen", look.colours))
		tb.JS(`enter("quick", "-id:4")`)
		tb.JS(`enter("find", "error")`)
		tb.Want("something", `qq(".row.selected").length`, "1")
		tb.JS(`until("problems", () => q(".problem .summary")).then(e => e.click())`)
		check := func(what, script string) {
			tb.JS(script)
			tb.JS(`new Promise(r => setTimeout(() => r(1), 250))`)
			t.Run(what+"/"+look.lang+"/"+look.colours, func(t *testing.T) {
				tb.T = t
				tb.CheckAxe(axe)
			})
			tb.T = t
		}
		check("problems", `1`)
		check("values", `q("#side-facets").click(), q("#tab-fields").click()`)
		check("menu", `rightClick(q(".row [data-column=id]"))`)
		tb.JS(`press("Escape", {}, q("[role=menuitem]")), tick()`)
		for _, key := range []string{"?", "c", "a", "l"} {
			check("dialog "+key, `press("`+key+`", {}, document.body)`)
			tb.JS(`q("dialog header button").click()`)
		}
		check("explain", `q("#side-explain").click(), press("m", {}, document.body)`)
		tb.Want("the dark is dark", fmt.Sprintf(`getComputedStyle(document.body).backgroundColor === "rgb(16, 21, 27)" === %t`, look.colours == "dark"), "true")
		tb.JS(`button(` + quote(words.In(look.lang).Say(map[string]string{"light": "view.dark", "dark": "view.light"}[look.colours])) + `)`)
		tb.Want("and can be changed", fmt.Sprintf(`getComputedStyle(document.body).backgroundColor === "rgb(16, 21, 27)" === %t`, look.colours != "dark"), "true")
		tb.Quiet()
	}
}

func testPhone(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "", gateway, phone)
	for _, step := range []string{`1`, `until("a row", () => rows()[1]).then(r => r.click())`, `qq(".phonetabs button")[1].click()`, `tick().then(() => q("#side-facets").click())`, `q("#side-findings").click(), until("problems", () => q(".problem .summary")).then(e => e.click())`} {
		tb.JS(step)
		tb.Want(step+": nothing is wider than the screen", `new Promise(r => setTimeout(() => r(String(document.documentElement.scrollWidth <= 390)), 200))`, "true")
	}
	tb.JS(`until("open", () => q(".problem.open .primary")).then(e => e.click())`)
	tb.Want("to the events of a problem", `Boolean(q("#list")) && chips().startsWith("Problem")`, "true")
	tb.JS(`until("a row", () => rows()[0]).then(r => r.click())`)
	tb.Want("to an event", `Boolean(q(".details .message"))`, "true")
	tb.JS(`until("back", () => q(".backbutton")).then(e => e.click())`)
	tb.Want("and back", `Boolean(q("#list"))`, "true")
	tb.Quiet()
	wide := show(t, browser, newKeep(), "", gateway, chromedp.EmulateViewport(3840, 2160))
	wide.Want("4K: rows down to the bottom", `rows().length > 60`, "true")
	wide.Want("4K: nothing scrolls", `document.documentElement.scrollHeight <= 2160 && document.documentElement.scrollWidth <= 3840`, "true")
	wide.Quiet()
}

// testHostile: whatever stands in a log, it is text: nothing of it runs or loads, and what cannot be seen is shown.
func testHostile(t *testing.T, browser context.Context) {
	tb := show(t, browser, newKeep(), "col=level&col=data.Text&col=message&panel=facets", []string{made(t)})
	tb.JS(`enter(".addfacet input", "Text")`)
	tb.WantPart("its values", `q(".side").innerText`, "<iframe")
	for i := range hostile {
		tb.JS(fmt.Sprintf(`until("a row", () => q("#row-%d [data-column=message]")).then(e => e.click())`, i))
		tb.Want("selected", `q(".row.selected")?.id ?? ""`, fmt.Sprint("row-", i))
		tb.Want("shown", `Boolean(q(".message")?.textContent)`, "true")
		for _, tab := range []string{"fields", "xml", "json", "message"} {
			tb.JS(`q("#tab-` + tab + `").click()`)
		}
		tb.JS(`qq(".fields .value").forEach(v => { for (const n of ["mouseover", "focus", "mouseenter"]) v.dispatchEvent(new Event(n)) }), 1`)
		tb.JS(`rightClick(q(".row.selected [data-column='data.Text']"))`)
		tb.JS(`item("Copy")`)
		tb.JS(`rightClick(q(".row.selected [data-column='data.Text']"))`)
		tb.JS(`item("Only this")`)
		tb.WantPart("a chip", `chips()`, "Text: ")
		tb.JS(`press("x", {}, document.body)`)
		tb.Want("all", `count()`, "300 events")
		tb.JS(`q("#list").scrollTop = 0, 1`)
		tb.Want("at the top", `rows()[0]?.id ?? ""`, "row-0")
	}
	tb.Want("nothing ran", `String(window.ran)`, "undefined")
	tb.Want("no elements of a log", `qq("img, iframe, script:not([src]), body style, [onload], [onerror], [onclick]").length`, "0")
	tb.Want("what is turned around is shown", `cells("data.Text").some(c => c.includes("gpj.exe")) && !/[\u202e\u200b\u001b\u0007]/.test(q(".side").textContent + q("#list").textContent)`, "true")
	tb.JS(`rightClick(qq(".row [data-column='data.Text']").find(c => c.textContent.includes("gpj"))), item("Copy")`)
	tb.Want("and copied as it is", `window.copied.includes("\u202egpj.exe") && window.copied.includes("\u001b[31m")`, "true")
	tb.Quiet()
	// Were a text ever to get in as HTML, the browser would not run it.
	tb.JS(`document.body.insertAdjacentHTML("beforeend", '<b onclick="window.ran = 6" id="b">b</b><img src="https://example.com/x.png" onerror="window.ran = 7">'), document.getElementById("b").click(), 1`)
	tb.Want("nothing ran", `String(window.ran)`, "undefined")
	if !strings.Contains(fmt.Sprint(tb.Noted()), "Content Security Policy") {
		t.Errorf("the browser did not say that it refused anything: %q", tb.Noted())
	}
}

// testGone: the page says when gwlogs has ended, and keeps what it shows.
func testGone(t *testing.T, browser context.Context) {
	t.Run("server", func(t *testing.T) {
		tb := show(t, browser, newKeep(), "", testdata("short.evtx"))
		tb.JS(`window.fetch = async () => { throw new TypeError("connection refused") }; q("#list").focus(), press("ArrowDown"), 1`)
		tb.WantPart("it is said", `q(".banner")?.innerText ?? ""`, "gwlogs view")
		tb.Want("what was there stays", `rows().length > 3`, "true")
	})
}
