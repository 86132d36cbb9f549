package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"threering/acd/brain"
	"threering/acd/journal"
)

// visit is a call that was missed once, hedged and answered late.
func visit() []journal.Entry {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	seq := 0
	entry := func(after time.Duration, kind journal.Kind, d journal.Details) journal.Entry {
		seq++
		return journal.Entry{Call: "c", Seq: seq, At: start.Add(after), Kind: kind, Details: d}
	}
	first := &brain.Choice{
		Reason: brain.Turn, Strategy: brain.LongestIdle, Rank: 2, Slack: 14800 * time.Millisecond, Phone: 1, Candidates: 3,
		Best: []brain.Candidate{{Agent: "1001", Idle: 130 * time.Second}, {Agent: "1003", Idle: 40 * time.Second}},
	}
	second := &brain.Choice{
		Reason: brain.Hedge, Strategy: brain.TopDown, Rank: 1, Slack: -1500 * time.Millisecond, Phone: 2, Candidates: 1, Tier: 1,
		Needs: []brain.Need{{Skill: "english", Level: 2}}, Best: []brain.Candidate{{Agent: "1003"}},
	}
	return []journal.Entry{
		entry(0, journal.CallArrived, journal.Details{Number: "13800000001"}),
		entry(5*time.Second, journal.QueueEntered, journal.Details{Queue: "sales", TargetMs: 15000}),
		entry(5200*time.Millisecond, journal.OfferMade, journal.Details{Offer: "o1", Agent: "1001", Queue: "sales", Choice: first}),
		entry(16200*time.Millisecond, journal.OfferEnded, journal.Details{Offer: "o1", Agent: "1001", Why: "unanswered", Code: 487}),
		entry(21500*time.Millisecond, journal.OfferMade, journal.Details{Offer: "o2", Agent: "1003", Queue: "sales", Choice: second}),
		entry(25*time.Second, journal.OfferAnswered, journal.Details{Offer: "o2", Agent: "1003"}),
		entry(25*time.Second, journal.QueueLeft, journal.Details{Queue: "sales", Why: "connected"}),
		entry(25500*time.Millisecond, journal.CallerHears, journal.Details{}),
		entry(400*time.Second, journal.QueueEntered, journal.Details{Queue: "sales"}),
		entry(4065*time.Second, journal.QueueLeft, journal.Details{Queue: "sales", Why: "abandoned"}),
	}
}

var names = Names{Agents: map[string]string{"1001": "Wang", "1003": "1003"}, Queues: map[string]string{"sales": "Sales"}}

// The wait counts from first asking, and by the target of the queue that was asked.
func TestTheWaitOfWhoFlowsOverIsOne(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	lines, err := Call([]journal.Entry{
		{Seq: 1, At: start, Kind: journal.QueueEntered, Details: journal.Details{Queue: "sales", TargetMs: 15_000}},
		{Seq: 2, At: start.Add(20 * time.Second), Kind: journal.QueueEntered, Details: journal.Details{Queue: "support", TargetMs: 60_000, WaitedMs: 20_000}},
		{Seq: 3, At: start.Add(25 * time.Second), Kind: journal.CallerHears},
	}, "en", names)
	require.NoError(t, err)
	require.Equal(t, "The caller hears a person 25 s after asking for one: 10 s late.", lines[2].Text)
}

func texts(t *testing.T, language string, names Names) (all []string) {
	t.Helper()
	lines, err := Call(visit(), language, names)
	require.NoError(t, err)
	for _, l := range lines {
		all = append(all, strconv.Itoa(l.Seq)+" "+l.Text)
	}
	return all
}

func TestACallIsExplained(t *testing.T) {
	require.Equal(t, []string{
		"2 Asks for a person in Sales, to be heard within 15 s.",
		"3 Wang (1001) is rung: the call is number 2 of those that wait for Sales, with 14.8 s left. " +
			"Of 3 agents who could be rung, this one has been idle longest: 2 min 10 s (then 1003, 40 s).",
		"4 Wang (1001) does not pick up for 11 s, a missed call; it goes to the next.",
		"5 1003 is rung as well, as phone number 2: those that ring are unlikely to be picked up in time, 1.5 s late already. " +
			"Nobody else could be rung. Asked for: english at level 2 or more, tier 1 at most by now.",
		"6 1003 picks up, 3.5 s after being chosen.",
		"8 The caller hears a person 20.5 s after asking for one: 5.5 s late.",
		"9 Asks for a person in Sales.",
		"10 Leaves Sales after 1 h 1 min without an agent: the caller hung up.",
	}, texts(t, "en", names))
}

func TestACallIsExplainedInChinese(t *testing.T) {
	require.Equal(t, []string{
		"2 请求人工，进入队列“sales”，应在 15 秒内听到坐席。",
		"3 呼叫 1001：来电在队列“sales”中排第 2 位，距时限还有 14.8 秒。可呼叫的 3 位坐席中，此坐席空闲最久：2 分 10 秒（其次 1003，40 秒）。",
		"4 1001 在 11 秒内未接听，记为未接，转呼下一位。",
		"5 同时呼叫 1003（第 2 部话机）：正在振铃的坐席多半来不及接听，已超时 1.5 秒。没有其他可呼叫的坐席。要求：english 不低于 2 级，目前至第 1 梯队。",
		"6 1003 接听，距选中 3.5 秒。",
		"8 请求人工 20.5 秒后，来电者听到坐席：晚了 5.5 秒。",
		"9 请求人工，进入队列“sales”。",
		"10 等待 1 小时 1 分后离开队列“sales”，未接通坐席：来电者挂断。",
	}, texts(t, "zh", Names{}))
}

func TestWhatIsNotKnownIsStillTold(t *testing.T) {
	_, err := Call(visit(), "fr", Names{})
	require.ErrorIs(t, err, ErrLanguage)
	lines, err := Call([]journal.Entry{
		{Kind: journal.OfferMade, Details: journal.Details{Agent: "1001"}}, // kept before there were reasons
		{Kind: journal.OfferEnded, Details: journal.Details{Agent: "1001", Why: "eclipse"}},
		{Kind: journal.QueueLeft, Details: journal.Details{Queue: "sales", Why: "eclipse"}},
	}, "en", Names{})
	require.NoError(t, err)
	require.Len(t, lines, 2)
	require.Contains(t, lines[0].Text, "eclipse")
	require.Contains(t, lines[1].Text, "eclipse")
}

func TestWhatTheCallerWasToldIsTold(t *testing.T) {
	told := func(position int, under int64) journal.Entry {
		return journal.Entry{Kind: journal.WaitTold, Details: journal.Details{Position: position, UnderMs: under}}
	}
	lines, err := Call([]journal.Entry{told(3, 0), told(0, 120_000), told(2, 60_000)}, "en", Names{})
	require.NoError(t, err)
	require.Equal(t, "The caller is told to be number 3.", lines[0].Text)
	require.Equal(t, []string{
		"The caller hangs up, to be called back at 138 when it is their turn.",
		"Has a place in sales, to be called back.",
		"138 is called, for the time number 2.",
		"The customer is not reached: the line is busy.",
		"The customer is not reached: 1001 hangs up before they pick up; it counts as no try.",
		"The caller is offered to be called back.",
		"1001 will go on a break after this call.",
		"1001 will stay available after this call.",
	}, saidOf(t,
		journal.Entry{Kind: journal.CallbackBooked, Details: journal.Details{Number: "138"}},
		journal.Entry{Kind: journal.QueueEntered, Details: journal.Details{Queue: "sales", Why: journal.CalledBack}},
		journal.Entry{Kind: journal.CallbackTried, Details: journal.Details{Number: "138", Try: 2}},
		journal.Entry{Kind: journal.CallbackFailed, Details: journal.Details{Why: "busy"}},
		journal.Entry{Kind: journal.CallbackFailed, Details: journal.Details{Why: journal.AgentGone, Agent: "1001"}},
		journal.Entry{Kind: journal.WaitTold, Details: journal.Details{Offered: true}},
		journal.Entry{Kind: journal.AgentReserved, Details: journal.Details{Agent: "1001", State: "break", Why: "lunch"}},
		journal.Entry{Kind: journal.AgentReserved, Details: journal.Details{Agent: "1001", State: "available"}},
	))
	require.Equal(t, "The caller is told to be answered within 2 min.", lines[1].Text)
	require.Equal(t, "The caller is told to be number 2, and to be answered within 1 min.", lines[2].Text)
}

// saidOf is what is said of entries, in English.
func saidOf(t *testing.T, entries ...journal.Entry) (texts []string) {
	t.Helper()
	lines, err := Call(entries, "en", Names{})
	require.NoError(t, err)
	for _, l := range lines {
		texts = append(texts, l.Text)
	}
	return texts
}

var place = regexp.MustCompile(`\{\w+\}`)

// Both languages say the same things with the same values.
func TestLanguagesAreComplete(t *testing.T) {
	en, zh := english().sentences, chinese().sentences
	for _, language := range Languages() {
		_, err := in(language)
		require.NoError(t, err)
	}
	require.Equal(t, len(en), len(zh))
	for key, sentence := range en {
		require.Contains(t, zh, key)
		of := func(s string) []string { return slices.Sorted(slices.Values(place.FindAllString(s, -1))) }
		require.Equal(t, of(sentence), of(zh[key]), key)
	}
}

// Whatever the brain can give as a reason has words.
func TestEveryReasonOfTheBrainHasWords(t *testing.T) {
	prefixes := map[string]string{"Reason": "offer.", "Strategy": "merit.", "End": "ended.", "Why": "left."}
	files, err := filepath.Glob("../brain/*.go")
	require.NoError(t, err)
	found := map[string]int{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			constant, ok := n.(*ast.ValueSpec)
			if !ok || len(constant.Values) != 1 {
				return true
			}
			kind, _ := constant.Type.(*ast.Ident)
			value, _ := constant.Values[0].(*ast.BasicLit)
			if kind == nil || value == nil || prefixes[kind.Name] == "" {
				return true
			}
			word, err := strconv.Unquote(value.Value)
			require.NoError(t, err)
			require.Contains(t, english().sentences, prefixes[kind.Name]+word)
			found[kind.Name]++
			return true
		})
	}
	require.Len(t, found, len(prefixes), "%v", found)
}

// The longest idle is passed over where their phone was silent lately, and that is said.
func TestWhoIsInDoubtIsAskedLast(t *testing.T) {
	choice := &brain.Choice{
		Reason: brain.Turn, Rank: 1, Slack: 15 * time.Second, Phone: 1, Candidates: 2,
		Best: []brain.Candidate{{Agent: "1003", Idle: 40 * time.Second}, {Agent: "1001", Idle: 130 * time.Second, Doubt: true}},
	}
	for language, says := range map[string]string{
		"en": "this one comes before Wang (1001), whose phone has been silent lately.",
		"zh": "先于 Wang (1001)：后者的话机近来无人接听",
	} {
		lines, err := Call([]journal.Entry{{Kind: journal.OfferMade, Details: journal.Details{Agent: "1003", Queue: "sales", Choice: choice}}}, language, names)
		require.NoError(t, err)
		require.Contains(t, lines[0].Text, says)
	}
}
