"""The parts of interop/readers: what independent readers make of a log, held against what gwlogs makes of it."""
