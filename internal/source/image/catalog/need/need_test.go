package need_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/foilsec/foil/internal/source/image/catalog/need"
)

func TestOf(t *testing.T) {
	var table need.Table
	table.Provide("exim4", "exim4")
	table.Provide("mail-transport-agent", "exim4")
	table.Provide("mail-transport-agent", "postfix")
	table.Provide("libc6", "libc6")
	if got := table.Of("exim4", []string{"libc6", "mail-transport-agent", "absent", "libc6"}); !slices.Equal(got, []string{"libc6", "postfix"}) {
		t.Errorf("%q", got)
	}
}

func TestALyingDatabaseIsBounded(t *testing.T) {
	var table need.Table
	many := make([]string, 300_000)
	for i := range many {
		many[i] = "everything"
	}
	kept := 0
	for i := range 20 {
		table.Provide("everything", fmt.Sprint("package-", i))
		kept += len(table.Take(many))
	}
	if kept > 1_000_000 {
		t.Errorf("%d needs are kept", kept)
	}
	if got := table.Of("x", many); len(got) > 20 {
		t.Errorf("%d packages are needed", len(got))
	}
}
