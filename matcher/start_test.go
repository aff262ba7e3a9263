package matcher

import "testing"

// BenchmarkBuiltin reads the built-in signatures: what every diagnosis begins with.
func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew compiles them.
func BenchmarkNew(b *testing.B) {
	signatures, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := New(signatures); err != nil {
			b.Fatal(err)
		}
	}
}
