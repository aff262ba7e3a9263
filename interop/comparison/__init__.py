"""The parts of interop/compare: what evtx_dump and gwlogs say of the same log, set side by side."""
