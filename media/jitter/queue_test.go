package jitter

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestQueue compares a queue with a map of every unit on the line.
func TestQueue(t *testing.T) {
	type heard struct{ value, codec byte }
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		line := map[int64]heard{}
		forget := func() { // what the queue no longer holds
			first, waiting := q.first()
			for pos := range line {
				if !waiting || pos < first.pos {
					delete(line, pos)
				}
			}
		}
		played := int64(0)
		for range rapid.IntRange(0, 100).Draw(t, "steps") {
			seq := q.last.seq + rapid.Int64Range(1, 40).Draw(t, "seq")
			pos := q.last.end + (seq-q.last.seq)*160 + rapid.Int64Range(-200, 200).Draw(t, "off")
			size := rapid.Int64Range(1, 1500).Draw(t, "size")
			e := entry{seq: seq, pos: pos, end: pos + size, codec: rapid.Byte().Draw(t, "codec") & 1}
			payload := make([]byte, size)
			for i := range payload {
				payload[i] = byte(seq + int64(i))
			}
			if !q.has(seq) {
				q.put(e, payload)
				if slices.Contains(q.waiting(), e) {
					require.True(t, q.has(seq))
					for i, b := range payload {
						line[pos+int64(i)] = heard{b, e.codec}
					}
				}
			}
			if rapid.Bool().Draw(t, "play") {
				played = max(played, q.last.end) + rapid.Int64Range(0, 400).Draw(t, "on")
				q.discard(played)
			}
			forget()
			first, waiting := q.first()
			at := first.pos + rapid.Int64Range(0, 200).Draw(t, "at")
			if !waiting || at >= first.end {
				continue
			}
			dst := make([]byte, frame)
			gotCodec, whole := q.read(dst, at)
			expect := true
			for i, b := range dst {
				h, there := line[at+int64(i)]
				expect = expect && there && h.codec == first.codec
				if whole {
					require.Equal(t, heard{b, gotCodec}, h)
				}
			}
			require.Equal(t, expect, whole)
		}
	})
}
