package eventtext

import (
	"slices"
	"strings"
	"testing"
)

// TestSentence: what one can search for is words that others have met as well, and nothing of this place and time.
func TestSentence(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"values cut it":  {"Cannot sync 'abc' to /x/y.csv. The widget broker declined the handoff after 12 tries.", "The widget broker declined the handoff after"},
		"the longest":    {"It went wrong here. The flux of the store was not what the broker wanted. Try it again.", "The flux of the store was not what the broker wanted"},
		"no stack":       {"It went wrong here.\n   at Some Thing That Is A Very Long Frame Of The Stack", "It went wrong here"},
		"no blanks":      {"无法将数据写入目标存储因为写入器已关闭", "无法将数据写入目标存储因为写入器已关闭"},
		"French":         {"Le serveur d’échange n’a pas voulu de l’envoi (code 12)", "Le serveur d’échange n’a pas voulu de l’envoi"},
		"too short":      {"Foo bar baz", ""},
		"numbers":        {"17 18 19 20 21 22", ""},
		"broken letters": {"\xff\xfe \xff\xfe \xff\xfe \xff\xfe", ""},
	} {
		if got := sentence(tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if words := strings.Fields(sentence(strings.Repeat("word ", 1000))); len(words) != mostWords {
		t.Errorf("%d words of a long run, want %d", len(words), mostWords)
	}
}

// TestCluesOrder: the most telling kinds come first.
func TestCluesOrder(t *testing.T) {
	t.Parallel()
	all := Clues("The store did not want it: UserErrorOdd, System.Foo.BarException at gw1.contoso.com:8443")
	if !slices.IsSortedFunc(all, func(a, b Clue) int { return a.Kind.order() - b.Kind.order() }) {
		t.Errorf("not sorted: %v", all)
	}
	if !slices.Contains(all, Clue{ClueSentence, "The store did not want it"}) {
		t.Errorf("no sentence: %v", all)
	}
}
