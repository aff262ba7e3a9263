package matcher

import (
	"slices"
	"strings"

	"github.com/gwlogs/gwlogs/evtx"
	"github.com/gwlogs/gwlogs/sigma/ast"
)

// A ReportIDFinder finds report IDs in the texts of events. The text of event
// 25 was never published and depends on the language, so we go by the words
// beside a GUID.
type ReportIDFinder struct {
	channels *gatewayChannels
	guid     *ast.Regexp
	label    *ast.Regexp // "report ID" in some language
	word     *ast.Regexp // "report" alone
	idWord   *ast.Regexp // "ID" alone
	other    *ast.Regexp // what a GUID before whose text this ends is instead: "activity ID: "
}

const (
	reportWords = `(?:reports?|reporte|rapports?|rapporten|bericht[se]?|informe|relat[óo]rio|rapporto|raport[ua]?|rapor|` +
		`отч[её]та?|jelentés|hlášení|sestavy|レポート|报告|報告|報表|보고서)`
	idWords = `(?:ids?|identifiers?|identifiant|identificateur|identificador|identificatore|identyfikator|identifikátor|` +
		`kennung|nummer|number|numéro|número|n[°º]|azonosító(?:ja)?|kimliği|ид|идентификатор|код|标识符?|識別碼|識別子|식별자)`
	letterBefore = `(?:^|[^\pL\pN])`
	letterAfter  = `(?:[^\pL\pN]|$)`
)

// ReportIDEvent is the event that the gateway writes when it has sent its logs.
const ReportIDEvent = 25

// NewReportIDFinder returns a finder, for any number of goroutines.
func NewReportIDFinder() *ReportIDFinder {
	return &ReportIDFinder{
		channels: newGatewayChannels(),
		guid:     lazily(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`),
		label: lazily(`(?i)` +
			reportWords + `(?:['’]s)?[\s\x{a0}_-]{0,3}` + idWords + letterAfter + `|` +
			letterBefore + idWords + `\.?[\s\x{a0}]+(?:(?:of|the|de|du|del|della|d[eo]|van|het)[\s\x{a0}]+){0,2}` + reportWords + letterAfter),
		word:   lazily(`(?i)` + letterBefore + reportWords + letterAfter),
		idWord: lazily(`(?i)` + letterBefore + idWords + letterAfter),
		other: lazily(`(?i)(?:activit|aktivit|actividad|correlation|session|sitzung|tenant|subscription|gateway|passerelle|machine|instance)` +
			`[\pL'’\s\x{a0}-]{0,24}[\s\x{a0}:=("'{]*$`),
	}
}

// lazily is an expression that is compiled when it is first tried.
func lazily(expr string) *ast.Regexp { return &ast.Regexp{Expr: expr} }

// FindIn returns the report ID of an event whose message is text; empty if there is none. In a gateway's log, the value that is
// called ReportId is it, whatever else the event holds.
func (f *ReportIDFinder) FindIn(rec *evtx.Record, text string) string {
	channel, provider := rec.Channel(), rec.Provider()
	if f.channels.from(channel, provider) {
		for name, value := range rec.All() {
			if !isReportIDName(name) {
				continue
			}
			is := value.String()
			if g := f.guids(is); len(g) == 1 {
				return strings.ToLower(is[g[0][0]:g[0][1]])
			}
		}
	}
	return f.Find(channel, provider, text)
}

// isReportIDName takes ReportId, report_id and their like.
func isReportIDName(name string) bool {
	return strings.EqualFold(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name), "reportid")
}

// Find returns the report ID that an event's text names, lower case and
// without braces; empty if there is none.
func (f *ReportIDFinder) Find(channel, provider, text string) string {
	guids := f.guids(text)
	if len(guids) == 0 {
		return ""
	}
	labels := f.label.Compiled().FindAllStringIndex(text, -1)
	if len(labels) == 0 && !f.channels.from(channel, provider) {
		return ""
	}
	if len(labels) == 0 {
		labels = f.word.Compiled().FindAllStringIndex(text, -1)
	}
	if id := f.nearest(text, labels, guids); id != "" {
		return id
	}
	return f.only(text, guids)
}

// guids finds the GUIDs that stand for themselves, not within longer strings of the same kind.
func (f *ReportIDFinder) guids(text string) [][]int {
	return slices.DeleteFunc(f.guid.Compiled().FindAllStringIndex(text, -1), func(g []int) bool {
		return g[0] > 0 && isGUIDByte(text[g[0]-1]) || g[1] < len(text) && isGUIDByte(text[g[1]])
	})
}

func isGUIDByte(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '-'
}

// nearest takes the GUID that stands closest to a label: best right behind it,
// else before it in the same clause ("… is the report ID").
func (f *ReportIDFinder) nearest(text string, labels, guids [][]int) string {
	const before, otherClause = 100, 1000
	best, id := 0, ""
	for _, label := range labels {
		for _, guid := range guids {
			var between string
			distance := 0
			switch {
			case guid[0] >= label[1]:
				between = strings.TrimLeft(text[label[1]:guid[0]], " \u00a0\t\r\n:=-–—(\"'«{")
			case guid[1] <= label[0]:
				between = strings.Trim(text[guid[1]:label[0]], " \u00a0\t\r\n})\"'»(")
				distance = before
			default:
				continue
			}
			distance += len(between)
			if strings.ContainsAny(between, ".,;!?\n。、") || f.idWord.Compiled().MatchString(between) {
				distance += otherClause
			}
			if id == "" || distance < best {
				best, id = distance, text[guid[0]:guid[1]]
			}
		}
	}
	return strings.ToLower(id)
}

// only takes the GUID of a text without any label, if there is no doubt.
func (f *ReportIDFinder) only(text string, guids [][]int) string {
	id := ""
	for _, guid := range guids {
		g := strings.ToLower(text[guid[0]:guid[1]])
		if f.other.Compiled().MatchString(text[:guid[0]]) || g == id {
			continue
		}
		if id != "" {
			return ""
		}
		id = g
	}
	return id
}
