package reportid

import "testing"

func TestParse(t *testing.T) {
	t.Parallel()
	const id = "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"
	for text, want := range map[string]string{
		id: id, "{06C039B9-3FB8-4B29-88EC-5F1B2A7D90C4}": id, "06C039B9-3fb8-4b29-88ec-5f1b2a7d90c4": id,
		"": "", "{" + id: "", id + "}": "", "{{" + id + "}}": "", "urn:uuid:" + id: "", "06c039b93fb84b2988ec5f1b2a7d90c4": "",
		"06c039b9-3fb8-4b29-88ec-5f1b2a7d90cg": "", "06c039b9-3fb8-4b29-88ec5-f1b2a7d90c4": "", id + "0": "",
	} {
		got, ok := Parse(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
		if Valid(text) != (ok && text[0] != '{') {
			t.Errorf("%q: Valid is %v", text, Valid(text))
		}
	}
}
