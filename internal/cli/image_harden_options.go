package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/feed/vuln"
	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/image/harden/prune"
	"github.com/foilsec/foil/internal/image/harden/stage"
	"github.com/foilsec/foil/internal/pipeline"
	"github.com/foilsec/foil/internal/source/image"
	"github.com/foilsec/foil/internal/source/image/catalog/builtin"
)

// hardenError gives a refusal its hint.
func hardenError(err error) error {
	var refusal *harden.Refusal
	if errors.As(err, &refusal) {
		return &exitError{code: CodeFailed, err: err, hint: refusal.Hint}
	}
	return err
}

func hardenOptions(c *cobra.Command, image string) (harden.Options, error) {
	f := c.Flags()
	o := harden.Options{
		Image: image, Output: must(f.GetString("write")), Force: must(f.GetBool("force")),
		Reference: must(f.GetString("tag")), Platform: must(f.GetString("platform")),
		Static: must(f.GetBool("static")), Keep: must(f.GetStringArray("keep")),
		KeepUser: must(f.GetBool("keep-user")), Start: must(f.GetDuration("start-timeout")), Version: version(),
	}
	if o.Output == "" {
		return o, errors.New("there is no file to write: give one with -w")
	}
	var err error
	if o.Level, err = hardenLevel(must(f.GetString("level")), o.Static); err != nil {
		return o, err
	}
	if o.Probes, err = checks(must(f.GetStringArray("probe"))); err != nil {
		return o, err
	}
	if o.Verify, err = checks(must(f.GetStringArray("verify"))); err != nil {
		return o, err
	}
	if file := must(f.GetString("profile")); file != "" {
		if o.Profile, err = harden.ReadProfile(file); err != nil {
			return o, err
		}
	}
	o.Epoch, err = sourceDate()
	return o, err
}

func hardenLevel(text string, static bool) (prune.Level, error) {
	switch {
	case text == "" && static:
		return prune.System, nil
	case text == "":
		return prune.App, nil
	}
	return prune.ParseLevel(text)
}

func checks(texts []string) ([]stage.Check, error) {
	var list []stage.Check
	for _, text := range texts {
		check, err := stage.ParseCheck(text)
		if err != nil {
			return nil, err
		}
		list = append(list, check)
	}
	return list, nil
}

// sourceDate is the time that builds agree on to be reproducible; nil when
// there is none.
func sourceDate() (*time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return nil, nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH %q: it must be a number of seconds", text)
	}
	at := time.Unix(seconds, 0)
	return &at, nil
}

// flawCounter lists the flaws of an image as a scan finds them.
func flawCounter(c *cobra.Command) (func(context.Context, string) ([]harden.Flaw, error), error) {
	db, err := vuln.Find(must(c.Flags().GetString("db"))) // open until the process ends
	if err != nil {
		return nil, err
	}
	platform := must(c.Flags().GetString("platform"))
	return func(ctx context.Context, reference string) ([]harden.Flaw, error) {
		source := image.New(image.Options{Reference: reference, Platform: platform, Catalog: builtin.New()})
		found, err := pipeline.ImageFlaws(ctx, source, pipeline.Flaws(db, time.Now(), 0))
		list := make([]harden.Flaw, 0, len(found))
		for _, f := range found {
			list = append(list, harden.Flaw{ID: f.ID, PURL: f.PURL})
		}
		return list, err
	}, nil
}
