//go:build !windows

package cli

// eventSourceActions all say that there is no event source to do anything with.
func eventSourceActions() map[string]func() (string, error) {
	all := make(map[string]func() (string, error))
	for _, verb := range eventSourceVerbs() {
		all[verb] = func() (string, error) {
			return "", usage("run it on the gateway's own computer", "eventsource: there is no Windows event log here")
		}
	}
	return all
}
