package sim

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Run sends the same callers through the center once for each setting, as many settings at once as there are processors,
// and gives what came of each, in their order. Progress may be nil; else it is told by several goroutines how many calls of
// all settings together have come.
func (s *Scenario) Run(ctx context.Context, progress func(done, all int)) ([]Result, error) {
	callers := s.callers()
	results := make([]Result, len(s.Settings))
	var done atomic.Int64
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i, set := range s.Settings {
		work.Go(func() error {
			e, err := s.run(ctx, set, callers, func(calls int) {
				if now := done.Add(int64(calls)); progress != nil {
					progress(int(now), len(callers)*len(s.Settings))
				}
			})
			if err != nil {
				return fmt.Errorf("simulate %s: %w", set.Name, err)
			}
			results[i] = e.result(set.Name)
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	return results, nil
}
