package cli

import "testing"

func TestEnvironmentLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		all, messages, lang, want string
	}{
		{"", "", "fr_FR.UTF-8", "fr"}, {"", "", "fr", "fr"}, {"", "", "FR-ca", "fr"}, {"", "", "fr.UTF-8", "fr"},
		{"", "", "C.UTF-8", "en"}, {"", "", "de_DE.UTF-8", "en"}, {"", "", "france", "en"}, {"", "", "en_GB", "en"},
		{"", "fr_BE", "en_US", "fr"}, {"C", "fr_BE", "fr_FR", "en"}, {"fr_CH", "en_US", "en_US", "fr"},
	} {
		env := map[string]string{"LC_ALL": tt.all, "LC_MESSAGES": tt.messages, "LANG": tt.lang}
		if got := environmentLanguage(func(name string) string { return env[name] }); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	if got := languageOf(""); got != "en" {
		t.Errorf("without a language: %s", got)
	}
}
