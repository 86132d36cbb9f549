package sip

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
	"github.com/stretchr/testify/require"
)

// referBy is a peer in a call that asks for a transfer by hand.
func referBy(t *testing.T, w *wire, b *inbox, headers ...string) (*Leg, letter) {
	t.Helper()
	leg, tag := w.call(b, letter{})
	l := letter{method: "REFER", cseq: 2, toTag: tag, headers: headers}
	w.send(l)
	return leg, l
}

// notify reads the next NOTIFY and answers it.
func (w *wire) notify(state, status string) {
	w.t.Helper()
	req := w.request(sipmsg.NOTIFY)
	require.Equal(w.t, "refer;id=2", field(req, "Event"))
	require.Equal(w.t, state, field(req, "Subscription-State"))
	require.Equal(w.t, "message/sipfrag;version=2.0", field(req, "Content-Type"))
	require.Equal(w.t, "SIP/2.0 "+status+"\r\n", string(req.Body()))
	w.reply(req, 200, "OK", "", "")
}

const (
	active = "active;expires=180"
	ended  = "terminated;reason=noresource"
)

func TestATransferIsReportedToItsEnd(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, _ := referBy(t, w, b, "Refer-To: <sip:10%302@elsewhere.example>")
	referred := b.diary.next(t).(Referred)
	require.Equal(t, "1002", referred.To)
	require.Nil(t, referred.With)
	referred.Accept()
	w.response(202)
	w.notify(active, "100 Trying")
	referred.Progress(180, "Ringing")
	w.notify(active, "180 Ringing")
	referred.Progress(200, "OK")
	leg.Hangup(Reason{}) // waits until the phone knows
	w.notify(ended, "200 OK")
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestAPeerThatDoesNotAnswerNotifyIsHungUpOnAllTheSame(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, _ := referBy(t, w, b, "Refer-To: sip:1002@elsewhere.example")
	referred := b.diary.next(t).(Referred)
	referred.Accept()
	referred.Progress(486, "Busy\r\nHere")
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestTransfersThatAreRefused(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, tag := w.call(b, letter{})
	cseq := 1
	ask := func(headers ...string) int {
		cseq++
		w.send(letter{method: "REFER", cseq: cseq, toTag: tag, headers: headers})
		return w.read().(*sipmsg.Response).StatusCode
	}
	for _, bad := range [][]string{
		nil, {"Refer-To: <sip:1@a>", "Refer-To: <sip:2@a>"}, {"Refer-To: <"}, {"Refer-To: <sip:a.example>"}, {"Refer-To: <sip:1@a;method=BYE>"},
	} {
		require.Equal(t, 400, ask(bad...), bad)
	}
	cseq++
	w.send(letter{method: "REFER", cseq: cseq, toTag: tag, headers: []string{"Refer-To: <sip:1@a>"}})
	referred := b.diary.next(t).(Referred)
	require.Equal(t, 491, ask("Refer-To: <sip:2@a>"), "one at a time")
	referred.Refuse(603, "Decline")
	w.response(603)
	referred.Progress(200, "OK") // too late
	w.silent()

	w.send(letter{method: "REFER", cseq: 1, callID: "outside@any", headers: []string{"Refer-To: <sip:1@a>"}})
	w.response(403)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestNoNoticesForWhoWantsNone(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, _ := referBy(t, w, b, "Refer-To: <sip:1002@a>", "Refer-Sub: false")
	referred := b.diary.next(t).(Referred)
	referred.Accept()
	require.Equal(t, "false", field(w.response(202), "Refer-Sub"))
	referred.Progress(200, "OK")
	w.silent()
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

func TestAttendedTransferNamesTheOtherLeg(t *testing.T) {
	_, b, w := trunk(t, Config{})
	first, tag := w.call(b, letter{})
	second, other := w.call(b, letter{callID: "call-2@x", fromTag: "from-2"})
	for i, tags := range []string{"to-tag=%s;from-tag=from-2", "from-tag=%s;to-tag=from-2"} { // and as seen by the phone
		value := url.QueryEscape("call-2@x;" + fmt.Sprintf(tags, other))
		w.send(letter{method: "REFER", cseq: 2 + i, toTag: tag, headers: []string{"Refer-To: <sip:1002@a?Replaces=" + value + ">"}})
		referred := b.diary.next(t).(Referred)
		require.Equal(t, second, referred.With)
		referred.Refuse(603, "Decline")
		w.response(603)
	}
	for _, l := range []*Leg{first, second} {
		l.Hangup(Reason{})
		w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
		b.diary.ended(t, l)
	}
}

func TestReplacesOfADialogThatIsNotThere(t *testing.T) {
	_, b, w := trunk(t, Config{})
	leg, _ := referBy(t, w, b, "Refer-To: <sip:1002@a?Replaces=nothing%3Bto-tag%3Da%3Bfrom-tag%3Db>")
	w.response(202)
	w.notify(active, "100 Trying")
	w.notify(ended, "481 Call/Transaction Does Not Exist")
	w.send(letter{method: "INVITE", callID: "new@x", headers: []string{"Require: replaces", "Replaces: nothing;to-tag=a;from-tag=b"}})
	w.response(481)
	leg.Hangup(Reason{})
	w.reply(w.request(sipmsg.BYE), 200, "OK", "", "")
	b.diary.ended(t, leg)
}

// Two servers: one asks for a transfer as a telephone does, the other takes it.
func TestReferAsATelephone(t *testing.T) {
	b := newInbox()
	center := serve(t, Config{Devices: devices().trusting(), Incoming: b.incoming})
	phone := serve(t, Config{Devices: devices().trusting()})
	dial := func() (*Leg, diary, *Leg) {
		d := newDiary()
		leg, err := phone.DialURI("sip:hotline@"+center.Addr("udp").String(), Dial{From: "1001", Media: newPaper(), Notify: d.note})
		require.NoError(t, err)
		in := b.next(t)
		in.Answer()
		require.Equal(t, Answered{}, d.next(t))
		require.Equal(t, Answered{}, b.diary.next(t))
		return leg, d, in
	}
	first, d, in := dial()
	second, d2, in2 := dial()
	codes := make(chan int, 10)
	first.Refer("1002", second, func(code int, err error) {
		if err == nil {
			codes <- code
		}
	})
	referred := b.diary.next(t).(Referred)
	require.Equal(t, in2, referred.With)
	require.Equal(t, "1002", referred.To)
	referred.Accept()
	require.Equal(t, 100, receive(t, codes))
	referred.Progress(200, "OK")
	require.Equal(t, 200, receive(t, codes))
	in.Hangup(Reason{})
	in2.Hangup(Reason{})
	d.ended(t, first)
	d2.ended(t, second)
	require.Eventually(t, func() bool { return len(center.legs.all()) == 0 }, patienceInTests, 5*time.Millisecond)
}
