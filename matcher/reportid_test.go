package matcher

import (
	"strings"
	"testing"
)

const (
	guidA = "06c039b9-3fb8-4b29-88ec-5f1b2a7d90c4"
	guidB = "5d3c2b1a-0f9e-4d8c-8b7a-695847362514"
)

// $A is the report ID in all of these.
func TestFindReportID(t *testing.T) {
	t.Parallel()
	f := NewReportIDFinder()
	for _, text := range []string{
		"The logs have been sent to Microsoft. Report ID: $A",
		"Report ID: {$A}",
		"Report Id ($A).",
		"ReportId=$A;",
		"report-id $A",
		"Report identifier is $A",
		"Logs were sent. Report ID: $A. Activity ID: $B",
		"Activity ID: $B. Report ID: $A",
		"Activity ID: $B\nReport ID: $A",
		"Activity ID $B Report ID $A",
		"Activity ID: $B, $A is the report ID",
		"$A is the report ID; activity ID is $B",
		"Report ID:\r\n$A\r\n$B",
		"$A (report ID), session $B",
		"Les journaux ont été envoyés. ID du rapport : $A",
		"ID de rapport : $A (ID d’activité : $B)",
		"Identificateur de rapport : $A",
		"Identifiant du rapport\u00a0: $A",
		"Die Protokolle wurden gesendet. Berichts-ID: $A. Aktivitäts-ID: $B",
		"Berichtskennung: $A",
		"Id. de informe: $A; id. de actividad: $B",
		"ID del informe: $A",
		"ID rapporto: $A",
		"ID del report: $A",
		"ID do relatório: $A",
		"Rapport-ID: $A",
		"Identyfikator raportu: $A",
		"Идентификатор отчета: $A",
		"レポート ID: $A",
		"报告 ID：$A",
		"報告識別碼: $A",
		"보고서 ID: $A",
		"Report ID\n$A",
	} {
		text := strings.NewReplacer("$A", strings.ToUpper(guidA), "$B", guidB).Replace(text)
		if got := f.Find("Application", "gwlogs", text); got != guidA {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// In the gateway's own log, a GUID without the words will do if there is no doubt.
func TestFindReportIDInGatewayLog(t *testing.T) {
	t.Parallel()
	f := NewReportIDFinder()
	for text, want := range map[string]string{
		"Logs sent: " + guidA: guidA,
		"The report " + guidA + " was sent for the session " + guidB:            guidA,
		"Sent " + guidA + " (" + guidA + ")":                                    guidA,
		"Sent " + guidA + ". Activity ID: " + guidB:                             guidA,
		"Sent " + guidA + " and " + guidB:                                       "",
		"Activity ID: " + guidB:                                                 "",
		"Nothing was sent":                                                      "",
		"Report ID: 06c039b9-3fb8-4b29-88ec":                                    "",
		"ADF#x" + guidA:                                                         "", // part of something longer
		"Report ID: " + guidA + "-" + guidB + ", " + guidB:                      guidB,
		"Le rapport " + guidA + " a été envoyé. Passerelle " + guidB + " prête": guidA,
	} {
		if got := f.Find("Data Management Gateway", "", text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := f.Find("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", "{"+guidA+"}\n1234\nimage is replaced"); got != "" {
		t.Errorf("event 25 of Sysmon: %q", got)
	}
}

func TestGatewayChannel(t *testing.T) {
	t.Parallel()
	f := NewReportIDFinder()
	for name, want := range map[string]bool{
		"Data Management Gateway":                    true,
		"DATA MANAGEMENT GATEWAY":                    true,
		"Integration Runtime":                        true,
		"Connectors - Integration Runtime":           true,
		"Connectors – Integration Runtime":           true,
		"connectors — integration runtime":           true,
		"Connectors\u00a0-\u00a0Integration Runtime": true,
		"Passerelle de gestion des données":          true,
		"Datenverwaltungsgateway":                    true,
		"Шлюз управления данными":                    true,
		"Runtime d’intégration":                      true,
		"Application":                                false,
		"Microsoft-Windows-Sysmon/Operational":       false,
		"Integration Runtime 2":                      false,
		"":                                           false,
	} {
		if got := f.channels.has(name); got != want {
			t.Errorf("isGateway(%q) = %v", name, got)
		}
	}
}
