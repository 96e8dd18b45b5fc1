package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
	"github.com/foilsec/foil/internal/report/text"
)

// printResults writes what is known of signatures, for people or programs.
func printResults(c *cobra.Command, streams Streams, results []trust.Result) error {
	l, err := language(c)
	if err != nil {
		return err
	}
	jsonOutput, err := asJSON(c)
	if err != nil {
		return err
	}
	if jsonOutput {
		return writeJSON(streams.Out, struct {
			SchemaVersion int            `json:"schemaVersion"`
			Images        []trust.Result `json:"images"`
		}{1, results})
	}
	p := signaturePrinter{streams.Out, l}
	for i := range results {
		p.result(&results[i])
	}
	return nil
}

type signaturePrinter struct {
	w io.Writer
	l lang.Language
}

// line writes one line. What registries and signatures say is made safe for a
// terminal.
func (p signaturePrinter) line(indent int, label lang.Text, value string) {
	if value == "" {
		return
	}
	_, _ = fmt.Fprintf(p.w, "%s%s: %s\n", strings.Repeat("  ", indent), label.In(p.l), text.Clean(value))
}

var stateWords = map[trust.State]lang.Text{
	trust.Trusted:    {EN: "trusted", ZH: "可信"},
	trust.Unsigned:   {EN: "not signed", ZH: "未签名"},
	trust.NotTrusted: {EN: "not trusted", ZH: "不可信"},
	trust.Unchecked:  {EN: "could not be checked", ZH: "无法检查"},
	trust.Exempt:     {EN: "exempt", ZH: "已免除"},
	"":               {EN: "not verified", ZH: "未验证"},
}

func (p signaturePrinter) result(r *trust.Result) {
	state := stateWords[r.State].In(p.l)
	if r.State == "" {
		state = fmt.Sprintf(lang.Text{EN: "%d signatures and statements, not verified", ZH: "%d 个签名和声明，未验证"}.In(p.l), len(r.Signatures))
	}
	p.line(0, lang.Text{EN: r.Reference, ZH: r.Reference}, state)
	p.line(1, lang.Text{EN: "digest", ZH: "摘要"}, r.Digest)
	p.line(1, lang.Text{EN: "reason", ZH: "原因"}, r.Reason.Text.In(p.l))
	for i := range r.Signatures {
		p.signature(&r.Signatures[i])
	}
}

func (p signaturePrinter) signature(s *trust.Signature) {
	p.line(1, lang.Text{EN: "signature", ZH: "签名"}, fmt.Sprintf("%s %s: %s", s.Format, s.Digest, stateWords[s.State].In(p.l)))
	p.line(2, lang.Text{EN: "statement", ZH: "声明"}, s.Predicate)
	p.line(2, lang.Text{EN: "signer", ZH: "签名者"}, s.Signer)
	p.line(2, lang.Text{EN: "issuer", ZH: "颁发者"}, s.Issuer)
	p.line(2, lang.Text{EN: "signed", ZH: "签名时间"}, p.signedAt(s))
	p.line(2, lang.Text{EN: "expires", ZH: "到期"}, instant(s.ExpiresAt))
	for _, name := range slices.Sorted(maps.Keys(s.Metadata)) {
		p.line(2, lang.Text{EN: "states", ZH: "内容"}, name+"="+s.Metadata[name])
	}
	p.line(2, lang.Text{EN: "reason", ZH: "原因"}, s.Reason.Text.In(p.l))
	for _, c := range s.Checks {
		p.check(c, s.Reason.Code)
	}
	for _, r := range s.Revocations {
		p.line(2, lang.Text{EN: "revocation", ZH: "吊销查询"}, p.answer(r))
	}
}

var kindWords = map[trust.Kind]lang.Text{
	trust.Integrity: {EN: "integrity", ZH: "完整性"}, trust.Subject: {EN: "subject", ZH: "所签对象"},
	trust.Authenticity: {EN: "authenticity", ZH: "真实性"}, trust.Expiry: {EN: "expiry", ZH: "有效期"},
	trust.Time: {EN: "time", ZH: "时间"}, trust.Withdrawal: {EN: "revocation", ZH: "吊销"},
	trust.Transparency: {EN: "log", ZH: "日志"}, trust.Metadata: {EN: "metadata", ZH: "元数据"},
}

var outcomeWords = map[trust.Outcome]lang.Text{
	trust.Passed: {EN: "passed", ZH: "通过"}, trust.Failed: {EN: "failed", ZH: "未通过"}, trust.Unknown: {EN: "could not be checked", ZH: "无法检查"},
	trust.Skipped: {EN: "skipped by the policy", ZH: "策略规定跳过"}, trust.NotReached: {EN: "not reached", ZH: "未进行到"},
}

// check writes one check; a failure that the policy only logs says so. What was
// said of the whole signature is not said again.
func (p signaturePrinter) check(c trust.Check, said trust.Code) {
	words := outcomeWords[c.Outcome].In(p.l)
	if c.Action == trust.Log && (c.Outcome == trust.Failed || c.Outcome == trust.Unknown) {
		words += lang.Text{EN: ", which the policy only logs", ZH: "（策略仅记录）"}.In(p.l)
	}
	if c.Reason.Code != "" && c.Reason.Code != said {
		words += lang.Text{EN: ": ", ZH: "："}.In(p.l) + c.Reason.Text.In(p.l)
	}
	p.line(2, kindWords[c.Kind], words)
}

var statusWords = map[trust.Status]lang.Text{
	trust.Good: {EN: "is good", ZH: "有效"}, trust.Revoked: {EN: "is withdrawn", ZH: "已吊销"},
	trust.NoAnswer: {EN: "is unknown", ZH: "未知"}, trust.NotRevocable: {EN: "names nobody to ask", ZH: "未指明查询处"},
}

func (p signaturePrinter) answer(r trust.Revocation) string {
	words := fmt.Sprintf("%s %s", r.Certificate, statusWords[r.Status].In(p.l))
	if r.Server != "" {
		words += fmt.Sprintf(", %s %s", strings.ToUpper(string(r.Method)), r.Server)
	}
	if r.Age != "" {
		words += ", " + fmt.Sprintf(lang.Text{EN: "answer of %s, %s old", ZH: "答复时间 %s，已有 %s"}.In(p.l), instant(r.ThisUpdate), r.Age)
	}
	if r.FromCache {
		words += lang.Text{EN: ", kept from before", ZH: "，来自缓存"}.In(p.l)
	}
	return words
}

func (p signaturePrinter) signedAt(s *trust.Signature) string {
	if s.SignedAt.IsZero() {
		return ""
	}
	proof := map[string]lang.Text{
		"":                 {EN: "by the signer's own word", ZH: "仅签名者自述"},
		"timestamp":        {EN: "with a timestamp", ZH: "有时间戳"},
		"authority":        {EN: "by the word of a signing authority", ZH: "签名机构声明"},
		"transparency-log": {EN: "by a transparency log", ZH: "依据透明日志"},
	}[s.TimeProof]
	return instant(s.SignedAt) + " (" + proof.In(p.l) + ")"
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
