package export

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/gwlogs/gwlogs/matcher"
)

// hayabusaFiles writes the rules with their channels, and sequences behind
// the rules that they are of.
func hayabusaFiles(signatures []*matcher.Signature) ([]File, error) {
	bases := baseNames(signatures)
	byName := make(map[string]*matcher.Signature)
	for _, s := range signatures {
		byName[s.Name] = s
	}
	var files []File
	for _, s := range signatures {
		if bases[s.Name] {
			continue
		}
		docs, err := withBases(s, byName)
		if err != nil {
			return nil, err
		}
		out, err := encode(docs...)
		if err != nil {
			return nil, err
		}
		files = append(files, File{fileName(s), out})
	}
	return files, nil
}

func withBases(s *matcher.Signature, byName map[string]*matcher.Signature) ([]*yaml.Node, error) {
	if s.Rule.Correlation == nil {
		doc, err := ruleYAML(s, true)
		return []*yaml.Node{doc}, err
	}
	docs := []*yaml.Node{correlationYAML(s)}
	for _, ref := range s.Rule.Correlation.Rules {
		base := byName[ref.Name]
		if base == nil {
			return nil, fmt.Errorf("%s: there is no signature %s", s.Name, ref.Name)
		}
		doc, err := ruleYAML(base, true)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// chainsawFiles writes a mapping and the rules; sequences are not known to
// Chainsaw, and are named at the top of the mapping.
func chainsawFiles(signatures []*matcher.Signature) ([]File, error) {
	bases := baseNames(signatures)
	var files []File
	var without []string
	for _, s := range signatures {
		switch {
		case bases[s.Name]:
			continue
		case s.Rule.Correlation != nil:
			without = append(without, s.Name)
			continue
		}
		doc, err := ruleYAML(s, false)
		if err != nil {
			return nil, err
		}
		out, err := encode(doc)
		if err != nil {
			return nil, err
		}
		files = append(files, File{"rules/" + fileName(s), out})
	}
	return append([]File{{"mapping.yml", []byte(chainsawMapping(without))}}, files...), nil
}

// chainsawMapping says which events the rules are for, and where their fields
// are: chainsaw hunt LOGS --sigma rules --mapping mapping.yml
func chainsawMapping(without []string) string {
	var b strings.Builder
	b.WriteString("---\n# chainsaw hunt LOGS --sigma rules --mapping mapping.yml\n")
	for _, name := range without {
		fmt.Fprintf(&b, "# Not here, as Chainsaw knows no sequences: %s\n", name)
	}
	b.WriteString("name: Known problems of Data Management Gateway and Integration Runtime\nkind: evtx\nrules: sigma\n\ngroups:\n")
	for _, group := range []struct{ name, channel string }{
		{"Data Management Gateway", "Data Management Gateway"},
		{"Integration Runtime", "Integration Runtime"},
		{"Connectors", "Connectors - Integration Runtime"},
		{"Application", "Application"},
	} {
		fmt.Fprintf(&b, "  - name: %s\n    timestamp: Event.System.TimeCreated\n    filter:\n      Channel: %s\n    fields:\n",
			group.name, group.channel)
		for _, f := range [][3]string{
			{"Channel", "Channel", "Event.System.Channel"},
			{"Provider", "Provider_Name", "Event.System.Provider"},
			{"Event ID", "EventID", "Event.System.EventID"},
			{"Level", "Level", "Event.System.Level"},
			{"Record", "EventRecordID", "Event.System.EventRecordID"},
			{"Computer", "Computer", "Event.System.Computer"},
			{"Text", "Data", "Event.EventData.Data.#text"},
		} {
			fmt.Fprintf(&b, "      - name: %s\n        from: %s\n        to: %s\n", f[0], f[1], f[2])
		}
	}
	return b.String()
}
