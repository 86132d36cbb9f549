package sip

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	sipmsg "github.com/emiago/sipgo/sip"
)

// tag makes a tag that only we can make, and that is the same for the same parts. So one INVITE, however often it is
// sent, its CANCEL and all our responses to both bear one To tag, with nothing kept for it.
func (s *Server) tag(parts ...string) string {
	mac := hmac.New(sha256.New, s.secret[:])
	for _, part := range parts {
		mac.Write([]byte(strconv.Itoa(len(part))))
		mac.Write([]byte{':'})
		mac.Write([]byte(part))
	}
	return hex.EncodeToString(mac.Sum(nil)[:12])
}

// callerTag is our From tag of a call that we place.
func (s *Server) callerTag(callID string) string { return s.tag("caller", callID) }

// ours says whether a response is to a request that we sent to begin a dialog.
func (s *Server) ours(res *sipmsg.Response) bool {
	return tagOf(res.From().Params) == s.callerTag(res.CallID().Value())
}

// calleeTag is our To tag for an INVITE or its CANCEL.
func (s *Server) calleeTag(req *sipmsg.Request) string {
	branch, _ := req.Via().Params.Get("branch")
	return s.tag("callee", req.CallID().Value(), tagOf(req.From().Params), branch,
		strconv.FormatUint(uint64(req.CSeq().SeqNo), 10))
}

// initial says whether an INVITE begins a dialog: its To tag is the one that prepare gave it.
func (s *Server) initial(req *sipmsg.Request) bool {
	return req.IsInvite() && tagOf(req.To().Params) == s.calleeTag(req)
}
