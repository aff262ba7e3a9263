package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// TestConsoleColorsOfNoConsole: a file is left alone, whatever it is used for.
func TestConsoleColorsOfNoConsole(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ok, restore := consoleColors(f)
	restore()
	if !ok {
		t.Error("no colours, though nothing is against them")
	}
}
