package cli

import (
	"os"

	"filippo.io/age"

	"github.com/gwlogs/gwlogs/internal/fileerror"
)

// readIdentities reads the keys of encrypted bundles.
func readIdentities(files []string) ([]age.Identity, error) {
	var all []age.Identity
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, usage("--identity key.txt: a file that age-keygen made", "--identity: %s: %v", name, fileerror.Reason(err))
		}
		found, err := age.ParseIdentities(f)
		f.Close()
		if err != nil { // its text could show a part of the key
			return nil, usage("the file has a line that begins with AGE-SECRET-KEY-", "--identity: %s: no key of age in it", name)
		}
		all = append(all, found...)
	}
	return all, nil
}
