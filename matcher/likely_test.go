package matcher

import (
	"slices"
	"testing"
)

// TestCutOff: a text that ends in the middle gives its problem when what is
// left decides, marked as likely; no problem when it does not.
func TestCutOff(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for text, want := range map[string]string{
		"An attempt was made to access a socket in a way forb":           "gateway-cannot-reach-cloud-servicebus",
		"An attempt was made to access a socket in a way forb…":          "gateway-cannot-reach-cloud-servicebus",
		"An attempt was made to access a socket in a way ...":            "gateway-cannot-reach-cloud-servicebus",
		"Une tentative d’accès à un socket de manière inter":             "gateway-cannot-reach-cloud-servicebus",
		"接続済みの呼び出し先が一定の時間":                                               "winsock-10060-timeout",
		"Failure happened on 'Sink' side. ErrorCode=SqlOperationFaile":   "connector-sql-operation-failed",
		"Copy failed. ErrorCode=AdlsGen2OperationFailedConc":             "connector-azure-storage-operation-failed-concurrent-write",
		"Copy failed. ErrorCode=AdlsGen2Operation":                       "connector-adls-gen2-operation-failed",
		"Service 'Integration Runtime Service' (DIAHostService) failed ": "shir-service-failed-to-start-1920",

		// Too short, or two problems begin alike.
		"An attempt was made":                          "",
		"Failed to register":                           "",
		"ErrorCode=UserErrorFailedTo":                  "",
		"The request was sent.":                        "",
		"Windows Installer installed the product. Pro": "", // for all that is known, well
	} {
		a, err := c.analyze(Sample{{Data: []string{text}}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range a.Findings {
			if f.Likely {
				got = append(got, f.Signature.Name)
			}
		}
		if want == "" && len(got) > 0 || want != "" && (!slices.Equal(got, []string{want}) || len(a.Findings) != 1) {
			t.Errorf("%q: %v, want %q", text, got, want)
		}
	}
}

// TestNotCutOff: what is whole is certain, and an event that a rule explains
// well is not looked at again.
func TestNotCutOff(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, s := range c.Signatures() {
		for _, sample := range s.Positive {
			a, err := c.analyze(sample)
			if err != nil || len(a.Findings) == 0 || a.Findings[0].Likely {
				t.Errorf("%s: %v: %v, %v", s.Name, sample, a.Findings, err)
			}
		}
	}
}
