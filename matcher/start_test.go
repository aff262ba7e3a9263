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

// BenchmarkPrepared takes them as they were prepared, and compiles them.
func BenchmarkPrepared(b *testing.B) {
	for b.Loop() {
		signatures, err := BuiltinPrepared()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := New(signatures); err != nil {
			b.Fatal(err)
		}
	}
}

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
