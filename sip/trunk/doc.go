// Package trunk owns the trunks: the carriers' lines by which calls come in from, and go out to, the public network. It keeps
// them registered and watches over them, says which of them a call came by, and decides whether, by which, and as whom a
// call may go out; what that costs is counted here and capped. Who is rung for a call that came in, and who wants one to
// go out, is decided elsewhere.
package trunk
