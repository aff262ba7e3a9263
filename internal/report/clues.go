package report

import (
	"strings"

	"github.com/gwlogs/gwlogs/internal/eventtext"
)

// clues says what can be searched for when nothing is known of a text, and where more of it stands.
func (t *diagnosisText) clues(all []eventtext.Clue) {
	t.blank()
	if len(all) == 0 {
		t.wrap("", "", t.words.Say("clues.none"))
		t.wrap("", "", t.words.Say("clues.next"))
		return
	}
	t.wrap("", "", t.words.Say("clues.head"))
	width := 0
	for _, c := range all {
		width = max(width, len([]rune(t.words.Say("clues."+string(c.Kind)))))
	}
	var search []string
	for _, c := range all {
		t.cut("   "+pad(t.words.Say("clues."+string(c.Kind)), width, false)+"  ", 3+width+2, c.Text)
		switch {
		case (c.Kind == eventtext.ClueCode || c.Kind == eventtext.ClueType) && len(search) < 2,
			c.Kind == eventtext.ClueSentence && len(search) == 0:
			search = append(search, `"`+c.Text+`"`)
		}
	}
	t.blank()
	if len(search) > 0 {
		t.wrap("   ", "   ", t.words.Say("clues.search", "words", strings.Join(search, " ")))
	}
	t.wrap("   ", "   ", t.words.Say("clues.next"))
}
