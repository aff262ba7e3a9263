package cli

import "encoding/json"

// jsonText is v as a document that people can read too.
func jsonText(v any) (string, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return string(data) + "\n", err
}
