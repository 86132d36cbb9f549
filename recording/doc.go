// Package recording records talks: both directions of one talk on one
// timeline, in one stereo WAV file, with a row that says whose talk it was. It
// owns the files, their table, and the way from a received packet to its place
// in the file; it knows nothing of sockets, calls or people, whose ids it only
// keeps. An [Archive] has one [Capture] for each talk under way, and each
// Capture has one goroutine, so that a file that is slow holds up no other.
//
// # What is safe when
//
// Every 500 ms a capture writes all it knows, then the header's length, so a
// file is a correct WAV at any moment and a killed process loses no more than
// the last 500 ms. The disk is asked to keep it (fsync) once, when the talk
// has ended: a power cut in the midst of a talk may cost what the system had
// not written back yet, some 30 s. What a crash left open is put right by the
// next [Open].
//
// # Timeline
//
// Second 0 is the start of the talk. A side's first packet stands where it
// arrived; the ones after it stand where their RTP timestamps say. Lost
// packets, silence suppression and hold leave silence of their length.
// Overtaken packets are put in their place while it is less than 2 s past,
// duplicates are ignored. When timestamps and arrival are more than 2 s apart
// (new sender, hold), or a packet comes 200 ms before its time, the side is
// anchored anew at that packet. A sender's clock that runs fast or slow is
// followed by leaving out or repeating single samples, ten a second (fifty while
// it is more than 10 ms off), which keeps a side within a few milliseconds of
// the arrival clock; a side that has come to lag more than 60 ms for a second
// gets that much silence at once.
package recording
