//go:build !js

package main

import "fmt"

// Elsewhere than in a browser there is gwlogs view.
func main() { fmt.Println("wasm: build this with GOOS=js GOARCH=wasm; see internal/view/onefile") }
