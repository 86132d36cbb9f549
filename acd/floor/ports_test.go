package floor

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"threering/media"
)

// TestMain has twice as many tests run side by side as there are processors, unless -parallel says otherwise: they mostly wait.
func TestMain(m *testing.M) {
	handedOut.Store(int64(os.Getpid()%100) * housePorts) // somewhere, since the tests of other packages may run at the same time
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

const (
	lowest, highest = 20000, 31999 // the ports of all tests, below those that the system gives away
	housePorts      = 240
	phonePorts      = 60
)

var handedOut atomic.Int64

// ports gives so many ports that no other house or telephone has had for a long time: what is still on its way to one that
// has closed reaches nobody.
func ports(many int64) media.Config {
	const all = highest - lowest + 1
	for {
		last := handedOut.Add(many)
		if first := (last - many) % all; first+many <= all { // else it would go over the end
			low := lowest + int(first)
			return media.Config{Low: low, High: low + int(many) - 1}
		}
	}
}
