// Package quality says how good the audio of a leg is: the E-model's rating of a codec on a network ([R], [MOS]), how
// losses cluster ([Bursts]), and the [Report] that is kept with a call.
// It is arithmetic on what others measured: it reads no packets and no clock, and it judges speech by what the
// network did to it, never by listening.
package quality
