package recording

// A lane lets one at a time to the disk. Many who write at once are no faster there, and while the disk is busy each of them
// would hold up, until the runtime notices, whatever else was to run on its processor: the ringing of an agent's phone too.
type lane chan struct{}

func newLane() lane { return make(lane, 1) }

func (l lane) enter() { l <- struct{}{} }
func (l lane) leave() { <-l }

// An orderly file takes its turn with the others of its archive: to be written, and to be seen to the disk, which takes longer.
type orderly struct {
	file
	writing, syncing lane
}

func (o orderly) WriteAt(p []byte, at int64) (int, error) {
	o.writing.enter()
	defer o.writing.leave()
	return o.file.WriteAt(p, at)
}

func (o orderly) Truncate(size int64) error {
	o.writing.enter()
	defer o.writing.leave()
	return o.file.Truncate(size)
}

func (o orderly) Sync() error {
	o.syncing.enter()
	defer o.syncing.leave()
	return o.file.Sync()
}
