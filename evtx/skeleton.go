package evtx

import "sync"

// A skeleton stands in for a template that is nowhere to be found: of a recovered
// record it shows what its values alone tell. All outer templates of Windows
// have one of two layouts of the values of System, that of manifest-based
// providers, with 18 values, and that of classic ones, with 20: so it is in all
// 26,000 records of the corpus. Names of values are part of the template and
// lost; so are the texts in it: the computer, and of a classic event provider
// and channel.

type skeletons struct {
	mu     sync.Mutex
	outer  map[int]*template
	nested map[int]*template
}

// Values that only the layout of manifest-based providers has, and of classic ones.
const (
	holeManifestRelated = 13
	holeProvider        = 14
	holeProviderGUID    = 15
	holeChannel         = 16
	holeManifestContent = 17
	manifestHoles       = 18
	maxSkeletonValues   = 256
)

// systemTypes are the types of the first values in both layouts.
var systemTypes = [...]ValueType{
	holeLevel: TypeUint8, holeOpcode: TypeUint8, holeTask: TypeUint16, holeEventID: TypeUint16, holeQualifiers: TypeUint16,
	holeKeywords: TypeHexInt64, holeTime: TypeFileTime, holeActivity: TypeGUID, holeProcess: TypeUint32, holeThread: TypeUint32,
	holeRecordID: TypeUint64, holeVersion: TypeUint8, holeUser: TypeSID,
}

// find returns the skeleton for an instance whose count of values stands at at;
// first tells that it is the first of its record. It is nil if there are too
// many values.
func (s *skeletons) find(buf []byte, at, end int, first bool) *template {
	n := int(u32(buf, at))
	if n < 0 || n > maxSkeletonValues || 4*n > end-at-4 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first && isSystemLayout(buf, at, n) {
		if s.outer == nil {
			s.outer = map[int]*template{manifestHoles: manifestSkeleton(), eventHoles: classicSkeleton()}
		}
		return s.outer[n]
	}
	if s.nested == nil {
		s.nested = map[int]*template{}
	}
	if s.nested[n] == nil {
		s.nested[n] = nestedSkeleton(n)
	}
	return s.nested[n]
}

// isSystemLayout reports whether n values have the types of one of the layouts.
func isSystemLayout(buf []byte, at, n int) bool {
	if n != manifestHoles && n != eventHoles {
		return false
	}
	for i, want := range systemTypes {
		if have := ValueType(u32(buf, at+4+4*i) >> 16); have != want && have != TypeNull {
			return false
		}
	}
	return true
}

func manifestSkeleton() *template {
	return newSkeleton(func(b *treeBuilder) {
		b.event(func() {
			b.void("Provider", []attr{
				{"Name", b.hole(holeProvider, TypeString, true)},
				{"Guid", b.hole(holeProviderGUID, TypeGUID, true)},
			})
			b.systemValues(holeManifestRelated)
			b.element("Channel", nil, b.hole(holeChannel, TypeString, true))
			b.void("Security", []attr{{"UserID", b.hole(holeUser, TypeSID, true)}})
		}, holeManifestContent)
	})
}

func classicSkeleton() *template {
	return newSkeleton(func(b *treeBuilder) {
		b.event(func() {
			b.systemValues(holeRelated)
			b.void("Security", []attr{{"UserID", b.hole(holeUser, TypeSID, true)}})
		}, holeContent)
	})
}

// event adds an event with that System, and what it says in a value.
func (b *treeBuilder) event(system func(), content int) {
	b.element("Event", []attr{{"xmlns", b.text(eventNamespace)}}, func() {
		b.element("System", nil, system)
		b.hole(content, TypeBinXML, true)()
	})
}

// systemValues adds what both layouts have in the same places.
func (b *treeBuilder) systemValues(related int) {
	value := func(name string, hole int) { b.element(name, nil, b.hole(hole, systemTypes[hole], true)) }
	b.element("EventID", []attr{{"Qualifiers", b.hole(holeQualifiers, TypeUint16, true)}}, b.hole(holeEventID, TypeUint16, true))
	value("Version", holeVersion)
	value("Level", holeLevel)
	value("Task", holeTask)
	value("Opcode", holeOpcode)
	value("Keywords", holeKeywords)
	b.void("TimeCreated", []attr{{"SystemTime", b.hole(holeTime, TypeFileTime, true)}})
	value("EventRecordID", holeRecordID)
	b.void("Correlation", []attr{
		{"ActivityID", b.hole(holeActivity, TypeGUID, true)},
		{"RelatedActivityID", b.hole(related, TypeGUID, true)},
	})
	b.void("Execution", []attr{
		{"ProcessID", b.hole(holeProcess, TypeUint32, true)},
		{"ThreadID", b.hole(holeThread, TypeUint32, true)},
	})
}

// nestedSkeleton shows n values as what an event says, without names.
func nestedSkeleton(n int) *template {
	return newSkeleton(func(b *treeBuilder) {
		b.element("EventData", nil, func() {
			for i := range n {
				b.element("Data", nil, b.hole(i, TypeString, true))
			}
		})
	})
}

func newSkeleton(build func(*treeBuilder)) *template {
	b := newTreeBuilder()
	build(b)
	tree, root := b.tree()
	t := &template{tree: *tree, root: root, skeleton: true}
	t.collect()
	return t
}
