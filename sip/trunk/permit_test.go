package trunk

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"threering/sip"
)

// plan is a Reader for tests: numbers of a country +86, where 0 stands before a city and 00 before a country.
func plan(raw string) Number {
	text := strings.NewReplacer(" ", "", "-", "").Replace(raw)
	switch {
	case strings.HasPrefix(text, "+86"):
		national := text[3:]
		if len(national) != 11 { // no mobile
			national = "0" + national
		}
		return Number{Digits: text, National: national, Home: true, Premium: strings.HasPrefix(text, "+86168")}
	case strings.HasPrefix(text, "+") && len(text) > 5 && digits(text[1:]):
		return Number{Digits: text, National: "00" + text[1:], Premium: strings.HasPrefix(text, "+881")}
	case strings.HasPrefix(text, "00"):
		return plan("+" + text[2:])
	case strings.HasPrefix(text, "0"), strings.HasPrefix(text, "1") && len(text) == 11:
		return plan("+86" + strings.TrimPrefix(text, "0"))
	case text != "" && digits(text):
		return Number{Digits: text, National: text, Home: true}
	}
	return Number{}
}

func free(Trunk, Money) Reason { return "" }

// out is a trunk that lets 1001 call mobiles and cities of the country.
func out(change func(*Trunk)) Trunk {
	t := Trunk{Name: "telecom", Servers: []string{"sip:192.0.2.1"}, Numbers: []string{"010-66557700..010-66557799"}, Out: &Out{
		Agents: []string{"1001"}, Calls: 2, Spend: 10 * unit,
		Destinations: []Destination{{"+86", unit / 10}, {"+86168", 5 * unit}, {"+44", 2 * unit}, {"+881", 9 * unit}},
	}}
	if change != nil {
		change(&t)
	}
	return t
}

// back allows agents all there is, and that callers are called back.
func back(t *Trunk) { t.Out.Callbacks, t.Out.International, t.Out.Premium = true, true, true }

func TestWhatIsLetOutAndWhatIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		trunk  func(*Trunk)
		o      Outgoing
		reason Reason
	}{
		"a mobile":                {o: Outgoing{Agent: "1001", Number: "138 0013 8000"}},
		"nothing by default":      {trunk: func(t *Trunk) { t.Out = nil }, o: Outgoing{Agent: "1001", Number: "13800138000"}, reason: NoTrunk},
		"another agent":           {o: Outgoing{Agent: "1002", Number: "13800138000"}, reason: NotAllowed},
		"everybody":               {trunk: func(t *Trunk) { t.Out.Everybody = true }, o: Outgoing{Agent: "1002", Number: "13800138000"}},
		"no number":               {o: Outgoing{Agent: "1001", Number: "sip:x@y"}, reason: BadNumber},
		"nothing":                 {o: Outgoing{Agent: "1001"}, reason: BadNumber},
		"no price":                {o: Outgoing{Agent: "1001", Number: "+33123456789"}, reason: NoPrice},
		"a short one":             {o: Outgoing{Agent: "1001", Number: "95588"}, reason: NoPrice},
		"never, though priced":    {trunk: func(t *Trunk) { t.Out.Never = []string{"+86138"} }, o: Outgoing{Agent: "1001", Number: "13800138000"}, reason: NoPrice},
		"abroad":                  {o: Outgoing{Agent: "1001", Number: "+442079460000"}, reason: Abroad},
		"abroad, written with 00": {o: Outgoing{Agent: "1001", Number: "00442079460000"}, reason: Abroad},
		"abroad is allowed":       {trunk: func(t *Trunk) { t.Out.International = true }, o: Outgoing{Agent: "1001", Number: "+442079460000"}},
		"premium":                 {o: Outgoing{Agent: "1001", Number: "+8616812345"}, reason: CostsExtra},
		"a satellite":             {trunk: func(t *Trunk) { t.Out.International = true }, o: Outgoing{Agent: "1001", Number: "+881631234567"}, reason: CostsExtra},
		"premium is allowed":      {trunk: func(t *Trunk) { t.Out.Premium = true }, o: Outgoing{Agent: "1001", Number: "+8616812345"}},
		"called back":             {trunk: back, o: Outgoing{Number: "13800138000"}},
		"called back abroad":      {trunk: back, o: Outgoing{Number: "+442079460000"}, reason: Abroad},
		"called back for extra":   {trunk: back, o: Outgoing{Number: "+8616812345"}, reason: CostsExtra},
		"as one of ours":          {o: Outgoing{Agent: "1001", Number: "13800138000", CallerID: "010 6655 7712"}},
		"as somebody else":        {o: Outgoing{Agent: "1001", Number: "13800138000", CallerID: "110"}, reason: NotOurs},
	} {
		t.Run(name, func(t *testing.T) {
			list, refusal := permits([]Trunk{out(c.trunk)}, c.o, plan, free)
			if c.reason == "" {
				require.Nil(t, refusal)
				require.Len(t, list, 1)
				return
			}
			require.NotNil(t, refusal)
			require.Equal(t, c.reason, refusal.Reason)
			require.NotEmpty(t, refusal.Text)
			require.True(t, errors.Is(refusal, sip.ErrNotAllowed))
			require.Empty(t, list)
		})
	}
}

func TestTheReasonThatCameFurthestIsTold(t *testing.T) {
	other := out(func(t *Trunk) { t.Name, t.Out.Agents = "other", []string{"1002"} })
	_, refusal := permits([]Trunk{other, out(nil)}, Outgoing{Agent: "1001", Number: "+442079460000"}, plan, free)
	require.Equal(t, Abroad, refusal.Reason)
	require.Contains(t, refusal.Text, "telecom")
}

func TestHowNumbersAreWritten(t *testing.T) {
	for name, c := range map[string]struct {
		change         func(*Trunk)
		number         string
		called, caller string
	}{
		"e164":               {nil, "13800138000", "+8613800138000", "+861066557700"},
		"plain":              {func(t *Trunk) { t.Out.Format = "plain" }, "13800138000", "8613800138000", "861066557700"},
		"national":           {func(t *Trunk) { t.Out.Format = "national" }, "021-5566 7788", "02155667788", "01066557700"},
		"stripped, prefixed": {func(t *Trunk) { t.Out.Format, t.Out.Strip, t.Out.Prefix = "plain", "86", "90" }, "13800138000", "9013800138000", "861066557700"},
		"another caller":     {func(t *Trunk) { t.Out.Caller = "01066557750" }, "13800138000", "+8613800138000", "+861066557750"},
		"none of its own":    {func(t *Trunk) { t.Numbers = nil }, "13800138000", "+8613800138000", ""},
	} {
		t.Run(name, func(t *testing.T) {
			list, refusal := permits([]Trunk{out(c.change)}, Outgoing{Agent: "1001", Number: c.number}, plan, free)
			require.Nil(t, refusal)
			require.Equal(t, c.called, list[0].called)
			require.Equal(t, c.caller, list[0].caller)
		})
	}
}

// TestAnyFormatMeansTheNumber: whatever a carrier wants, it can read the number back; and a number of ours stays ours.
func TestAnyFormatMeansTheNumber(t *testing.T) {
	number := rapid.OneOf(rapid.StringMatching(`\+861[3-9][0-9]{9}`), rapid.StringMatching(`\+8610[5-8][0-9]{7}`), rapid.StringMatching(`\+44[1-9][0-9]{8}`))
	rapid.Check(t, func(t *rapid.T) {
		n := plan(number.Draw(t, "number"))
		format := rapid.SampledFrom([]string{"", "e164", "plain", "national"}).Draw(t, "format")
		prefix := rapid.StringMatching(`[0-9]{0,4}`).Draw(t, "prefix")
		text := Out{Format: format, Prefix: prefix}.called(n)
		require.True(t, strings.HasPrefix(text, prefix))
		text = strings.TrimPrefix(text, prefix)
		if format == "plain" {
			text = "+" + text
		}
		require.Equal(t, n.Digits, plan(text).Digits)
		in := Trunk{Incoming: formatPlain}
		require.Equal(t, n.Digits, plan(in.read(strings.TrimPrefix(n.Digits, "+"), plan)).Digits)
	})
}

// TestOnlyNumbersWithinTheRangeAreOurs against counting.
func TestOnlyNumbersWithinTheRangeAreOurs(t *testing.T) {
	line := out(nil)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(66557000, 66558999).Draw(t, "number")
		text := "010" + string([]byte{byte('0' + i/10000000), byte('0' + i/1000000%10), byte('0' + i/100000%10), byte('0' + i/10000%10), byte('0' + i/1000%10), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)})
		require.Equal(t, i >= 66557700 && i <= 66557799, line.owns(plan(text), plan))
	})
	require.False(t, line.owns(plan("0106655770"), plan), "one digit short")
}

func TestMoney(t *testing.T) {
	for text, want := range map[string]Money{"0": 0, "0.15": 1500, "100": 1000000, "0.0001": 1, "12.5": 125000} {
		m, err := ParseMoney(text)
		require.NoError(t, err)
		require.Equal(t, want, m)
		require.Equal(t, text, m.String())
	}
	for _, text := range []string{"", "-1", "1.", ".5", "1e3", "0.00001", "1,5", "99999999999"} {
		_, err := ParseMoney(text)
		require.Error(t, err, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		m := Money(rapid.Int64Range(0, 1e12).Draw(t, "money"))
		again, err := ParseMoney(m.String())
		require.NoError(t, err)
		require.Equal(t, m, again)
	})
}

func TestWhichFailuresMoveOn(t *testing.T) {
	for name, c := range map[string]struct {
		f    sip.Failure
		want bool
	}{
		"out of order":             {sip.Failure{Code: 503}, true},
		"cannot be reached":        {sip.Failure{Code: 503, Silent: true}, true},
		"says nothing":             {sip.Failure{Code: 408, Silent: true}, true},
		"the callee says nothing":  {sip.Failure{Code: 408}, false},
		"a server's fault":         {sip.Failure{Code: 500}, true},
		"does not know us":         {sip.Failure{Code: 403}, true},
		"no password fits":         {sip.Failure{Code: 407}, true},
		"no codec fits":            {sip.Failure{Code: 488}, true},
		"busy":                     {sip.Failure{Code: 486}, false},
		"busy, put as 503":         {sip.Failure{Code: 503, Cause: 17}, false},
		"congestion":               {sip.Failure{Code: 503, Cause: 42}, true},
		"no such number":           {sip.Failure{Code: 404}, false},
		"does not pick up":         {sip.Failure{Code: 480, Rang: true}, false},
		"declined":                 {sip.Failure{Code: 603}, false},
		"sent elsewhere":           {sip.Failure{Code: 302}, false},
		"refused after it rang":    {sip.Failure{Code: 403, Rang: true}, false},
		"a gateway after it rang":  {sip.Failure{Code: 502, Rang: true}, true},
		"cancelled":                {sip.Failure{Code: 487}, false},
		"the message is too large": {sip.Failure{Code: 513}, false},
	} {
		require.Equal(t, c.want, onward(c.f), name)
	}
}
