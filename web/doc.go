// Package web is the center as people and their programs reach it: the HTTP API
// with its OpenAPI 3.1 document, who is signed in and who may do what, the live
// events, and where a console will be. It reads and commands through the rooms
// below, by the small interfaces of rooms.go, and holds no rule of the business.
// Of its own it keeps sessions, and a note of every recording that was played.
package web
