// Package store opens the database that every room keeps its rows in, brings
// each room's tables up to date and runs transactions. It is the one place
// that knows which database this is (SQLite) and what its errors mean. It owns
// no table but the rooms' migration histories: rows, queries and types belong
// to the rooms.
//
// So that the SQL of the rooms stays portable: ids are TEXT, times BIGINT in
// UTC milliseconds ([Millis], [Time]), booleans INTEGER, and of SQLite's own
// syntax only INSERT … ON CONFLICT is used.
package store
