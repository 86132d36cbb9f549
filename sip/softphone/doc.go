// Package softphone is a small telephone made of the project's own signalling and audio, for tests, the demo and load: it
// registers, calls, answers the way a [Policy] says, holds, and plays and hears tones and keys. It trusts the one server
// that it talks to. It has no user interface, no sound card and no telephone book.
package softphone
