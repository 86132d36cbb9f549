package brain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const second = Instant(1e6)

// room is a brain with a clock for tests that tell a story.
type room struct {
	t     *testing.T
	brain Brain
	now   Instant
}

func newRoom(t *testing.T, agents ...string) *room {
	r := &room{t: t, now: 1000 * second}
	r.does(Configured{Queues: []Queue{testQueue("sales", agents...)}, Agents: people(agents...)})
	for _, a := range agents {
		r.now += second
		r.does(DeviceChanged{Agent: a, Reachable: true})
		r.does(AgentSet{Agent: a, State: Available})
	}
	return r
}

// people is agents of no skill.
func people(ids ...string) []Agent {
	var list []Agent
	for _, id := range ids {
		list = append(list, Agent{ID: id})
	}
	return list
}

func testQueue(name string, agents ...string) Queue {
	return Queue{
		Name: name, Agents: agents, Target: 15 * time.Second, OfferTimeout: 11 * time.Second,
		MaxWait: 120 * time.Second, WrapUp: 30 * time.Second, Breather: 2 * time.Second,
	}
}

func (r *room) does(ev Event) []Order { return r.brain.Apply(r.now, ev) }

func (r *room) passes(d time.Duration) []Order {
	r.now = r.now.Add(d)
	return r.does(Passed{})
}

// serves lets the agent of an offer talk and wrap up at once, which leads to the next.
func (r *room) serves(o Offer) []Order {
	r.does(OfferAnswered{o.ID})
	r.does(TalkEnded{o.Call})
	r.does(WrapUpDone{o.Agent})
	return r.passes(2 * time.Second)
}

func (r *room) state(agent string) State { return r.brain.agents[agent].state }

func ordered[T Order](t *testing.T, orders []Order) T {
	t.Helper()
	for _, o := range orders {
		if x, ok := o.(T); ok {
			return x
		}
	}
	var none T
	require.Failf(t, "order missing", "%T not in %+v", none, orders)
	return none
}

func TestLongestIdleIsRungFirst(t *testing.T) {
	r := newRoom(t, "1001", "1002")
	first := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	require.Equal(t, "1001", first.Agent)
	require.Equal(t, 2, first.Why.Candidates)
	require.Equal(t, "1002", ordered[Offer](t, r.does(CallEntered{Call: "b", Queue: "sales"})).Agent)
	require.Equal(t, Offered, r.state("1001"))
}

func TestTalkThenWrapUpThenAvailable(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferRinging{o.ID})
	require.Equal(t, Connect{Offer: o.ID, Call: "a", Agent: "1001"}, ordered[Connect](t, r.does(OfferAnswered{o.ID})))
	require.Equal(t, Talking, r.state("1001"))
	r.does(TalkEnded{"a"})
	require.Equal(t, WrapUp, r.state("1001"))
	r.does(WrapUpDone{"1001"})
	require.Equal(t, WrapUp, r.state("1001"), "the breather belongs to the wrap-up")
	r.passes(2 * time.Second)
	require.Equal(t, Available, r.state("1001"))
}

func TestWrapUpEndsByItself(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferAnswered{o.ID})
	r.does(TalkEnded{"a"})
	wake, ok := r.brain.NextWake()
	require.True(t, ok)
	require.Equal(t, r.now.Add(30*time.Second), wake)
	r.passes(30 * time.Second)
	require.Equal(t, Available, r.state("1001"))
}

func TestRingingOutIsAMissAndGoesToTheNext(t *testing.T) {
	r := newRoom(t, "1001", "1002")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferRinging{o.ID})
	orders := r.passes(11 * time.Second)
	require.Equal(t, Withdraw{Offer: o.ID, Why: Unanswered}, ordered[Withdraw](t, orders))
	require.Equal(t, "1002", ordered[Offer](t, orders).Agent, "straight to the next agent")
	require.Equal(t, Offered, r.state("1001"), "the lease ends when its end is reported")
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, Missed, r.state("1001"))
	r.does(AgentSet{Agent: "1001", State: Available})
	require.Equal(t, Available, r.state("1001"))
}

func TestSilentPhoneIsUnreachable(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	require.Equal(t, Unreachable, ordered[Withdraw](t, r.passes(2*time.Second)).Why)
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, Available, r.state("1001"), "no miss")
	require.Empty(t, r.passes(9*time.Second), "barred for the call")
	require.Equal(t, "1001", ordered[Offer](t, r.passes(time.Second)).Agent)
}

func TestBusyPhoneIsNotRungWithoutEnd(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	require.NotContains(t, kinds(r.does(OfferEnded{o.ID, Busy})), "Offer")
	require.NotContains(t, kinds(r.does(CallEntered{Call: "b", Queue: "sales"})), "Offer", "barred for all for 2 s")
	require.Equal(t, "b", ordered[Offer](t, r.passes(2*time.Second)).Call)
}

func TestPickUpThatCrossesTheWithdrawalIsTaken(t *testing.T) {
	r := newRoom(t, "1001", "1002")
	first := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferRinging{first.ID})
	second := ordered[Offer](t, r.passes(11*time.Second))
	orders := r.does(OfferAnswered{first.ID})
	require.Equal(t, "1001", ordered[Connect](t, orders).Agent)
	require.Equal(t, Withdraw{Offer: second.ID, Why: Elsewhere}, ordered[Withdraw](t, orders))
	late := r.does(OfferAnswered{second.ID})
	require.Equal(t, Release{Offer: second.ID, Why: Elsewhere}, ordered[Release](t, late))
	r.does(OfferEnded{second.ID, Withdrawn})
	require.Equal(t, Available, r.state("1002"), "no miss and no wrap-up")
}

func TestCallerGoneWithdraws(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	require.Equal(t, CallerGone, ordered[Withdraw](t, r.does(CallLeft{Call: "a"})).Why)
	require.Equal(t, CallerGone, ordered[Release](t, r.does(OfferAnswered{o.ID})).Why)
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, Available, r.state("1001"))
	require.Empty(t, r.brain.calls)
}

func TestNobodySignedOn(t *testing.T) {
	r := newRoom(t, "1001")
	r.does(AgentSet{Agent: "1001", State: Break, Reason: "lunch"})
	require.Empty(t, r.does(CallEntered{Call: "a", Queue: "sales"}), "on a break is signed on")
	require.Equal(t, GiveUp{Call: "a", Why: Nobody}, ordered[GiveUp](t, r.does(AgentSet{Agent: "1001", State: Offline})))
	require.Equal(t, Nobody, ordered[GiveUp](t, r.does(CallEntered{Call: "b", Queue: "sales"})).Why)
	require.Equal(t, Nobody, ordered[GiveUp](t, r.does(CallEntered{Call: "c", Queue: "no such"})).Why)
}

func TestTheQueueGivesUpButNotWhileAPhoneRings(t *testing.T) {
	r := newRoom(t, "1001")
	r.does(AgentSet{Agent: "1001", State: Break})
	r.does(CallEntered{Call: "a", Queue: "sales"})
	require.Empty(t, r.passes(119*time.Second))
	o := ordered[Offer](t, r.does(AgentSet{Agent: "1001", State: Available}))
	r.does(OfferRinging{o.ID})
	require.Empty(t, r.passes(5*time.Second))
	require.Equal(t, Timeout, ordered[GiveUp](t, r.passes(10*time.Second)).Why)
}

func TestBreakDuringATalkComesAfterwards(t *testing.T) {
	r := newRoom(t, "1001")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferAnswered{o.ID})
	r.does(AgentSet{Agent: "1001", State: Break, Reason: "lunch"})
	require.Equal(t, Talking, r.state("1001"))
	r.does(TalkEnded{"a"})
	require.Equal(t, WrapUp, r.state("1001"))
	r.passes(30 * time.Second)
	require.Equal(t, Break, r.state("1001"))
}

func TestDeadlineDecidesBetweenQueuesThatShareAgents(t *testing.T) {
	r := newRoom(t, "1001")
	patient := testQueue("patient", "1001")
	patient.Target = time.Minute
	r.does(Configured{Queues: []Queue{patient, testQueue("sales", "1001")}, Agents: people("1001")})
	r.does(AgentSet{Agent: "1001", State: Break})
	r.does(CallEntered{Call: "slow", Queue: "patient"})
	r.passes(5 * time.Second)
	r.does(CallEntered{Call: "urgent", Queue: "sales"})
	require.Equal(t, "urgent", ordered[Offer](t, r.does(AgentSet{Agent: "1001", State: Available})).Call)
}

func TestPriorityIsWorthSomeWaiting(t *testing.T) {
	r := newRoom(t, "1001")
	r.does(AgentSet{Agent: "1001", State: Break})
	r.does(CallEntered{Call: "old", Queue: "sales"})
	r.passes(40 * time.Second)
	r.does(CallEntered{Call: "vip", Queue: "sales", Priority: 1})
	r.does(CallEntered{Call: "very", Queue: "sales", Priority: 2})
	o := ordered[Offer](t, r.does(AgentSet{Agent: "1001", State: Available}))
	require.Equal(t, "very", o.Call, "60 s of priority beat 40 s of waiting")
	require.Equal(t, "old", ordered[Offer](t, r.serves(o)).Call, "30 s do not")
}

func TestWhoLetACallPassIsAskedLast(t *testing.T) {
	r := newRoom(t, "1001", "1002", "1003")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	require.Equal(t, "1002", ordered[Offer](t, r.does(OfferEnded{o.ID, Busy})).Agent)
	r.does(OfferRinging{"o2"})
	require.Equal(t, "1003", ordered[Offer](t, r.passes(11*time.Second)).Agent, "although 1001 has been idle longer and is barred no more")
}

func TestABreakUnderARingingPhoneStopsIt(t *testing.T) {
	r := newRoom(t, "1001", "1002")
	o := ordered[Offer](t, r.does(CallEntered{Call: "a", Queue: "sales"}))
	r.does(OfferRinging{o.ID})
	orders := r.does(AgentSet{Agent: "1001", State: Break, Reason: "lunch"})
	require.Equal(t, Withdraw{Offer: o.ID, Why: Refused}, ordered[Withdraw](t, orders))
	require.Equal(t, "1002", ordered[Offer](t, orders).Agent)
	r.does(OfferEnded{o.ID, Withdrawn})
	require.Equal(t, Break, r.state("1001"), "and no miss")
}
