package media

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// tidy puts the lines of a description into the order RFC 8866 section 5 asks for, which not all phones keep, and adds the
// "s=" and "t=" that some leave out. In the place of media other than audio, of which there are more kinds than the parser
// knows (fax is m=image), it puts a stand-in, and gives what was there by its place.
func tidy(body string) (text string, foreign map[int]sdp.MediaName, err error) {
	const order = "vosiuepcbtrzka"
	var session, media []string
	have := map[byte]bool{}
	foreign = map[int]sdp.MediaName{}
	lines := 0
	for line := range strings.SplitSeq(strings.ReplaceAll(body, "\r", "\n"), "\n") {
		switch {
		case line == "":
		case strings.HasPrefix(line, "m="):
			if !strings.HasPrefix(line, "m=audio ") {
				if foreign[lines], err = mediaName(line[2:]); err != nil {
					return "", nil, err
				}
				line = "m=application 9 UDP *"
			}
			media = append(media, line)
			lines++
		case len(media) > 0:
			media = append(media, line)
		default:
			session = append(session, line)
			have[line[0]] = true
		}
	}
	if len(session) > 0 && !have['s'] {
		session = append(session, "s=-")
	}
	if len(session) > 0 && !have['t'] {
		session = append(session, "t=0 0")
	}
	slices.SortStableFunc(session, func(a, b string) int {
		return strings.IndexByte(order, a[0]) - strings.IndexByte(order, b[0])
	})
	return strings.Join(append(session, media...), "\r\n") + "\r\n", foreign, nil
}

// mediaName reads what follows "m=".
func mediaName(line string) (sdp.MediaName, error) {
	fields := strings.Fields(line)
	if len(fields) < 4 {
		return sdp.MediaName{}, fmt.Errorf("media line %q: want media, port, transport and formats", line)
	}
	number, _, _ := strings.Cut(fields[1], "/")
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return sdp.MediaName{}, fmt.Errorf("media line %q: port %q: want 0-65535", line, number)
	}
	return sdp.MediaName{
		Media: fields[0], Port: sdp.RangedPort{Value: int(port)}, Protos: strings.Split(fields[2], "/"), Formats: fields[3:],
	}, nil
}
