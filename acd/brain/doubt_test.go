package brain

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lesson is a room with a queue whose agents' pick-ups are learned from calls that each go to one agent.
func lesson(t *testing.T, agents ...string) *room {
	return house(t, func(q *Queue) { q.WrapUp, q.MaxWait, q.MissesToStop = 0, 0, 1000 }, people(agents...)...)
}

// ring rings for a call until it is picked up by one of the agents who are there, and gives the phones that were rung.
func (r *room) ring(call string, there map[string]bool, after time.Duration) (phones []string) {
	r.enters(call)
	for range 200 {
		for _, o := range r.brain.calls[call].offers {
			switch {
			case o.rang == 0:
				phones = append(phones, o.agent.id)
				r.does(OfferRinging{o.id})
			case o.stands() && there[o.agent.id] && r.now.Sub(o.rang) >= after:
				r.does(OfferAnswered{o.id})
				r.end()
				r.does(TalkEnded{call})
				return phones
			}
		}
		r.passes(500 * time.Millisecond)
		r.end()
	}
	require.Fail(r.t, "nobody picks up")
	return nil
}

// end reports the end of every offer that was withdrawn.
func (r *room) end() {
	for i := range r.brain.serial {
		if o := r.brain.offers[fmt.Sprint("o", i+1)]; o != nil && o.withdrawn != "" {
			r.does(OfferEnded{o.id, Withdrawn})
		}
	}
}

func TestWhoIsLikelyAwayIsAskedLastForAWhile(t *testing.T) {
	r := lesson(t, "a", "b", "c")
	there := map[string]bool{"a": true, "b": true, "c": true}
	for i := range 500 { // now and then one of them goes without saying so, and what rings for them rings in vain
		there["a"] = i%20 >= 3
		r.ring(fmt.Sprint("call ", i), there, 3*time.Second)
		r.passes(20 * time.Second)
	}
	there["a"] = false
	first := func(call string) string { return r.ring(call, there, 3*time.Second)[0] }
	for i := 0; first(fmt.Sprint("next ", i)) != "a"; i++ {
		require.Less(t, i, 3, "the longest idle comes first")
	}
	require.NotEqual(t, "a", first("doubted"), "whose phone has just been silent is asked last")
	require.NotEqual(t, "a", first("still doubted"))
	r.passes(doubtLasts)
	require.Equal(t, "a", first("later"), "and in their turn again after a while")
	r.does(AgentSet{Agent: "a", State: Available})
	require.Equal(t, "a", first("back"), "who says so is there")
}

func TestSilentPhonesOfThoseWhoAreThereTellNothing(t *testing.T) {
	r := lesson(t, "a", "b", "c")
	there := map[string]bool{"a": true, "b": true, "c": true}
	for i := range 200 { // sometimes everybody is slow
		r.ring(fmt.Sprint("call ", i), there, time.Duration(2+i%4)*2*time.Second)
		r.passes(20 * time.Second)
	}
	require.False(t, r.brain.kinds[1].away)
	require.False(t, r.brain.kinds[2].away)
}

// The calls of a queue ring for nothing no more often than they may, whatever they could win by it.
func TestThePurseLimitsRingsForNothing(t *testing.T) {
	r := house(t, func(q *Queue) { q.WrapUp, q.MaxWait = 0, 0; q.Hedge.Share, q.Hedge.Budget = 10, 1000 }, people("a", "b", "c")...)
	there := map[string]bool{"a": true, "b": true, "c": true}
	further := func(calls int) (n int) {
		for i := range calls {
			n += len(r.ring(fmt.Sprint("call ", r.brain.serial, i), there, time.Duration(3+i%7)*time.Second)) - 1
			r.passes(time.Minute)
		}
		return n
	}
	further(600) // what there is at first is spent
	require.InDelta(t, 60, further(600), 15)
}
