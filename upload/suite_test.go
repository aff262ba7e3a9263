package upload_test

import (
	"net/url"
	"path/filepath"
	"testing"

	"github.com/gwlogs/gwlogs/upload/uploadtest"
)

// Each destination has a test here: what the suite says holds for all of them.

func TestSuiteAzure(t *testing.T) {
	a := azurite(t, false)
	place := func(t testing.TB, container string) uploadtest.Place {
		address := uploadtest.URL(t, container, "", "rcwl")
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		signature := u.Query().Get("sig")
		return uploadtest.Place{URL: address, Secret: []string{signature, url.QueryEscape(signature)}}
	}
	uploadtest.Suite{
		New:     func(t testing.TB) uploadtest.Place { return place(t, a.Container(t)) },
		Missing: func(t testing.TB) uploadtest.Place { return place(t, a.Container(t)+"x") },
		Lists:   true, Looks: true, Resumes: true, HTTP: true,
	}.Run(t)
}

func TestSuitePut(t *testing.T) {
	server := uploadtest.StartPutServer(t)
	uploadtest.Suite{
		New:     func(testing.TB) uploadtest.Place { return server.Place("/in/") },
		Missing: func(testing.TB) uploadtest.Place { return server.Place("/none/") },
		HTTP:    true,
	}.Run(t)
}

func TestSuiteFolder(t *testing.T) {
	place := func(folder string) uploadtest.Place {
		return uploadtest.Place{URL: "file://" + (&url.URL{Path: filepath.ToSlash(folder)}).EscapedPath()}
	}
	uploadtest.Suite{
		New:     func(t testing.TB) uploadtest.Place { return place(t.TempDir()) },
		Missing: func(t testing.TB) uploadtest.Place { return place(filepath.Join(t.TempDir(), "none")) },
		Lists:   true, Looks: true, Resumes: true,
	}.Run(t)
}
