package sim

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"threering/acd/brain"
)

// orderHash takes the fingerprint of all orders of a run.
type orderHash struct {
	sum    hash.Hash
	buffer []byte
}

func newHash() *orderHash { return &orderHash{sum: sha256.New(), buffer: make([]byte, 0, 1<<14)} }

// order adds one: what, when, for which call and agent.
func (h *orderHash) order(what byte, at brain.Instant, call, agent int32) {
	b := append(h.buffer, what)
	b = binary.LittleEndian.AppendUint64(b, uint64(at))
	b = binary.LittleEndian.AppendUint32(b, uint32(call))
	h.keep(binary.LittleEndian.AppendUint32(b, uint32(agent)))
}

// state adds an agent's new state.
func (h *orderHash) state(at brain.Instant, agent int32, s brain.State) {
	b := append(h.buffer, 's')
	b = binary.LittleEndian.AppendUint64(b, uint64(at))
	b = binary.LittleEndian.AppendUint32(b, uint32(agent))
	h.keep(append(append(b, s...), 0))
}

func (h *orderHash) keep(b []byte) {
	if h.buffer = b; len(b) > 1<<13 {
		h.sum.Write(b)
		h.buffer = b[:0]
	}
}

// text is the fingerprint, shortened to what tells runs apart.
func (h *orderHash) text() string {
	h.sum.Write(h.buffer)
	h.buffer = h.buffer[:0]
	return hex.EncodeToString(h.sum.Sum(nil)[:8])
}
