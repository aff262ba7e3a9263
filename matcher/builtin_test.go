package matcher

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

func builtin(t testing.TB) []*Signature {
	t.Helper()
	signatures, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return signatures
}

func catalogue(t testing.TB) *Catalogue {
	t.Helper()
	c, err := New(builtin(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestBuiltin: the catalogue is in good order, and every signature matches
// what it has to and nothing that it must not.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	signatures, c := builtin(t), catalogue(t)
	for _, e := range LintAll(signatures, func(string) bool { return false }) {
		t.Error(e)
	}
	if n := len(c.Signatures()); n < 60 {
		t.Errorf("%d signatures", n)
	}
	for _, s := range signatures {
		for _, m := range c.Test(s) {
			t.Error(m)
		}
	}
}

// TestTranslations: every text is there in every language, as many steps as
// in English, each saying something else than it does there.
func TestTranslations(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, s := range c.Signatures() {
		for _, lang := range Languages()[1:] {
			texts, err := s.locales.texts[lang]()
			if err != nil {
				t.Fatal(err)
			}
			if len(texts) > len(c.All()) {
				t.Fatalf("%s: texts of %d signatures, there are %d", lang, len(texts), len(c.All()))
			}
			text, ok := texts[s.Name]
			switch {
			case !ok:
				t.Errorf("%s: not in %s", s.Name, lang)
			case text.Title == "" || text.Cause == "" || len(text.Resolution) != len(s.Text.Resolution):
				t.Errorf("%s: not complete in %s", s.Name, lang)
			case text.Title == s.Text.Title || text.Cause == s.Text.Cause:
				t.Errorf("%s: not translated to %s", s.Name, lang)
			}
			for i, step := range text.Resolution {
				if strings.TrimSpace(step) == "" || len(text.Resolution) == len(s.Text.Resolution) && step == s.Text.Resolution[i] {
					t.Errorf("%s: step %d is not in %s", s.Name, i+1, lang)
				}
			}
		}
	}
}

// TestMostSpecific: of two that say the same, the one that knows more.
func TestMostSpecific(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for text, want := range map[string][]string{
		`Unable to connect to the remote server". Please check your local settings (Error Code: 10003).`: {"dmg-install-download-failed"},
		"Unable to connect to the remote server":                                                         {"cannot-connect-remote-server"},
		"Unable to load DLL 'jvm.dll': The specified module could not be found.":                         {"shir-jre-not-found"},
		"Unable to load DLL 'oci.dll': The specified module could not be found.":                         {"datastore-connection-or-driver"},
		"Unable to connect to the remote server ---> No connection could be made because the target machine actively refused it 10.0.0.1:3128": {
			"winsock-10061-refused"},
		"The Integration Runtime (Self-hosted) node has encountered an error during registration. Cannot connect to the Integration " +
			"Runtime (Self-hosted) Host Service.": {
			"shir-registration-host-service-unreachable"},
	} {
		got, err := c.Try(Sample{{Data: []string{text}}})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v %v, want %v", text, got, err, want)
		}
	}
}

// TestWrapped: a message is found in whatever wraps it, also when it is cut,
// or spread over strings.
func TestWrapped(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const want = "shir-remote-name-not-resolved"
	for name, data := range map[string][]string{
		"typographic":       {"Le nom distant n\u2019a pas pu être résolu\u00a0: \u2018host.example\u2019"},
		"line ends":         {"The remote name\r\ncould not be\tresolved: 'host.example'"},
		"two strings":       {"The remote name could not be", "resolved: 'host.example'"},
		"nested JSON":       {`<LogProperties><ErrorInfo>[{"Code":0,"Message":"outer","InnerEventInfos":[{"Code":0,"Message":"The remote name could not be resolved: \u0027host.example\u0027"}]}]</ErrorInfo></LogProperties>`},
		"JSON, cut":         {`<LogProperties><ErrorInfo>[{"Code":0,"Message":"outer","InnerEventInfos":[{"Code":0,"Message":"The remote name could not be\u0020resolved: \u0027host.exa`},
		"XML entities":      {`&lt;LogProperties&gt;&lt;ErrorInfo&gt;[{"Message":"The remote name could not be\u0020resolved: &#39;host.example&#39;"}]&lt;/ErrorInfo&gt;&lt;/LogProperties&gt;`},
		"text with escapes": {`<LogProperties><Text>Invoke callback url with req:\n\"ErrorCode=X,'Type=A,Message=The remote name\ncould not be resolved: 'host.example',Source=B,'\"</Text></LogProperties>`},
		"chain": {"ErrorCode=X,'Type=A,Message=outer,Source=B,''Type=C,Message=The remote name could not be resolved: " +
			"'host.example',Source=D,'"},
		"in capitals":        {"THE REMOTE NAME COULD NOT BE RESOLVED: 'host.example'"},
		"zero-width, joined": {"The remote\u200b name could not be resolved: 'host.example'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.Try(Sample{{Data: data}})
			if err != nil || !slices.Contains(got, want) {
				t.Errorf("%v %v, want %s", got, err, want)
			}
		})
	}
}

// TestChannels: the gateway's log in any spelling, no other.
func TestChannels(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for channel, want := range map[string]int{
		"Data Management Gateway": 1, "INTEGRATION RUNTIME": 1, "Connectors - Integration Runtime": 1,
		"Connectors \u2013 Integration Runtime": 1, "Passerelle de gestion des données": 1, "Datenverwaltungsgateway": 1,
		"Application": 0, "System": 0, "Data Management Gateway 2": 0,
	} {
		got, err := c.Try(Sample{{Channel: channel, Data: []string{"Unable to connect to the remote server"}}})
		if err != nil || len(got) != want {
			t.Errorf("%s: %v %v", channel, got, err)
		}
	}
}

// TestEveryFile: what lies in the folder of signatures is in the catalogue, under the name of its file.
func TestEveryFile(t *testing.T) {
	t.Parallel()
	onDisk, err := os.ReadDir("signatures")
	if err != nil {
		t.Fatal(err)
	}
	loaded := make(map[string]bool)
	for _, s := range builtin(t) {
		loaded[path.Base(s.Rule.File)] = true
	}
	for _, f := range onDisk {
		if f.Name() != LocaleFolder && !loaded[f.Name()] {
			t.Errorf("signatures/%s is not in the catalogue: a file of signatures ends in .yml", f.Name())
		}
	}
}
