// Sbom SOURCE PROGRAM... prints what the programs are made of: a bill of materials, CycloneDX 1.6 as JSON. The same
// programs give the same bytes.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/gwlogs/gwlogs/packaging/modules"
)

type bill struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber,omitempty"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	Scope      string     `json:"scope,omitempty"`
	Licences   []licence  `json:"licenses,omitempty"`
	URL        string     `json:"purl"`
	References []external `json:"externalReferences,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type licence struct {
	Expression string `json:"expression"`
}

type external struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("sbom: ")
	if len(os.Args) < 3 {
		log.Fatal("usage: sbom SOURCE PROGRAM...")
	}
	built, err := modules.Read(os.Args[1], os.Args[2:])
	if err != nil {
		log.Fatal(err)
	}
	own, err := modules.Texts(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	text, err := encode(built, modules.Expression(own))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := os.Stdout.Write(text); err != nil {
		log.Fatal(err)
	}
}

// encode names the bill by what is in it.
func encode(built *modules.Built, ownLicence string) ([]byte, error) {
	b := describe(built, ownLicence)
	text, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	h := sha256.Sum256(text)
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80 // a UUID of version 8
	b.SerialNumber = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
	text, err = json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

func describe(built *modules.Built, ownLicence string) bill {
	b := bill{Format: "CycloneDX", SpecVersion: "1.6", Version: 1, Components: []component{}}
	program := goComponent("application", built.Main.Path, built.Main.Version, ownLicence)
	program.References = []external{{"vcs", "https://" + built.Main.Path}}
	program.Properties = []property{{"gwlogs:commit", built.Revision}}
	b.Metadata = metadata{built.Time, program}

	library := goComponent("library", "std", built.GoVersion, "BSD-3-Clause")
	library.URL = "pkg:golang/stdlib@" + built.GoVersion // as scanners for vulnerabilities look for it
	library.Ref = library.URL
	b.Components = append(b.Components, library)
	for _, m := range built.Modules {
		c := goComponent("library", m.Path, m.Version, modules.Expression(m.Licences))
		c.Properties = []property{{"go:h1", m.Sum}}
		b.Components = append(b.Components, c)
	}
	root := dependency{Ref: program.Ref}
	for _, c := range b.Components {
		root.DependsOn = append(root.DependsOn, c.Ref)
	}
	b.Dependencies = []dependency{root}
	return b
}

func goComponent(kind, path, version, expression string) component {
	c := component{Type: kind, Name: path, Version: version, URL: "pkg:golang/" + path + "@" + version}
	c.Ref = c.URL
	if kind == "library" {
		c.Scope = "required"
	}
	if expression != "" {
		c.Licences = []licence{{expression}}
	}
	return c
}
