package cli

import (
	"fmt"
	"io"
	"strconv"

	"github.com/foilsec/foil/internal/image/harden"
	"github.com/foilsec/foil/internal/lang"
)

// printHarden prints the figures before and after.
func printHarden(w io.Writer, r *harden.Report, l lang.Language) {
	row := func(name lang.Text, before, after int64, show func(int64) string) {
		_, _ = fmt.Fprintf(w, "%s\t%s → %s (-%.0f %%)\n", name.In(l), show(before), show(after), 100*harden.Share(before, after))
	}
	plain := func(n int64) string { return strconv.FormatInt(n, 10) }
	row(lang.Text{EN: "packages", ZH: "软件包"}, int64(r.Before.Packages), int64(r.After.Packages), plain)
	row(lang.Text{EN: "files", ZH: "文件"}, int64(r.Before.Files), int64(r.After.Files), plain)
	row(lang.Text{EN: "size", ZH: "大小"}, r.Before.Bytes, r.After.Bytes, megabytes)
	if r.Before.Findings != nil && r.After.Findings != nil {
		row(lang.Text{EN: "findings", ZH: "漏洞"}, int64(*r.Before.Findings), int64(*r.After.Findings), plain)
	}
	row(lang.Text{EN: "setuid", ZH: "setuid 文件"}, int64(len(r.Before.Setuid)), int64(len(r.After.Setuid)), plain)
	row(lang.Text{EN: "shells", ZH: "Shell 程序"}, int64(len(r.Before.Shells)), int64(len(r.After.Shells)), plain)
	_, _ = fmt.Fprintf(w, "%s\t%q → %q: %s\n", lang.Text{EN: "user", ZH: "用户"}.In(l), r.User.Before, r.User.After, r.User.Reason.In(l))
	if r.User.Detail != "" {
		_, _ = fmt.Fprintln(w, r.User.Detail)
	}
	for _, check := range r.Checks {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", lang.Text{EN: "passes", ZH: "通过检查"}.In(l), check)
	}
	_, _ = fmt.Fprintf(w, "%s\t%s %s\n", lang.Text{EN: "written", ZH: "已写入"}.In(l), r.Output, r.Written)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
