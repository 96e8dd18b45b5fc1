package trust

import (
	"fmt"

	"github.com/foilsec/foil/internal/lang"
)

// Code names a reason for programs. Codes do not change.
type Code string

// The codes.
const (
	Verified  Code = "verified"
	NotSigned Code = "unsigned"
	Exempted  Code = "exempted"

	NoStatement     Code = "no-statement"
	RegistryDown    Code = "registry-unreachable"
	AccessDenied    Code = "access-denied"
	NotFound        Code = "image-not-found"
	ManifestDamaged Code = "manifest-damaged"
	TooMany         Code = "too-many-signatures"

	Damaged             Code = "signature-damaged"
	OtherImage          Code = "other-image"
	UntrustedRoot       Code = "untrusted-root"
	TrustStore          Code = "trust-store-unreadable"
	WrongIdentity       Code = "wrong-identity"
	SignatureExpired    Code = "signature-expired"
	CertificateExpired  Code = "certificate-expired"
	CertificateTooNew   Code = "certificate-not-yet-valid"
	TimestampMissing    Code = "timestamp-missing"
	TimestampBad        Code = "timestamp-bad"
	TimestampRevoked    Code = "timestamp-certificate-revoked"
	TimestampUnknown    Code = "timestamp-revocation-unknown"
	CertificateRevoked  Code = "certificate-revoked"
	RevocationUnknown   Code = "revocation-unknown"
	MetadataMissing     Code = "metadata-missing"
	PluginFailed        Code = "plugin-failed"
	NotVerifiable       Code = "not-verifiable"
	NothingToVerifyWith Code = "nothing-to-verify-with"
	WrongKey            Code = "wrong-key"
	NoTrustedTime       Code = "no-trusted-time"
	LogEntryBad         Code = "log-entry-bad"
	CertificateLogBad   Code = "certificate-log-bad"
)

// sentence says a code to people. The arguments of both languages have one
// order.
func (c Code) sentence() lang.Text {
	switch c {
	case Verified:
		return lang.Text{EN: "Signed by %s, trusted because of %s.", ZH: "由 %s 签名，依据%s予以信任。"}
	case NotSigned:
		return lang.Text{EN: "%s carries no signature.", ZH: "%s 没有任何签名。"}
	case Exempted:
		return lang.Text{EN: "Statement %q of the trust policy exempts it from verification.", ZH: "信任策略的语句 %q 免除对它的验证。"}
	case NoStatement:
		return lang.Text{EN: "No statement of the trust policy covers %s: %v.", ZH: "信任策略中没有语句涵盖 %s：%v。"}
	}
	if text, ok := c.retrieval(); ok {
		return text
	}
	if text, ok := c.signing(); ok {
		return text
	}
	return c.judgement()
}

func (c Code) retrieval() (lang.Text, bool) {
	switch c {
	case RegistryDown:
		return lang.Text{EN: "What is stored with %s could not be read: %v.", ZH: "无法读取与 %s 一同存储的内容：%v。"}, true
	case AccessDenied:
		return lang.Text{EN: "The registry refuses access to %s: %v. Log in with docker login, or any tool that writes the same file.", ZH: "镜像仓库拒绝访问 %s：%v。请用 docker login 或写同一文件的工具登录。"}, true
	case NotFound:
		return lang.Text{EN: "%s does not exist where it was looked for.", ZH: "在所查位置不存在 %s。"}, true
	case ManifestDamaged:
		return lang.Text{EN: "The manifest of %s is not the one that its digest names: %v.", ZH: "%s 的清单与其摘要所指的不符：%v。"}, true
	case TooMany:
		return lang.Text{EN: "%s carries more than %d signatures; the others were not looked at.", ZH: "%s 的签名多于 %d 个，其余未查看。"}, true
	}
	return lang.Text{}, false
}

// signing are the sentences about the signature itself.
func (c Code) signing() (lang.Text, bool) {
	switch c {
	case Damaged:
		return lang.Text{EN: "The signature is damaged, or was changed after signing: %v.", ZH: "签名已损坏，或在签名后被改动：%v。"}, true
	case OtherImage:
		return lang.Text{EN: "The signature is for another image, %s.", ZH: "该签名属于另一个镜像 %s。"}, true
	case SignatureExpired:
		return lang.Text{EN: "The signature ran out on %s.", ZH: "签名已于 %s 到期。"}, true
	case MetadataMissing:
		return lang.Text{EN: "The signature does not state %s.", ZH: "签名中没有声明 %s。"}, true
	case PluginFailed:
		return lang.Text{EN: "The signature can only be verified with a plugin, and that did not work: %v.", ZH: "该签名只能用插件验证，而插件未成功：%v。"}, true
	case NotVerifiable:
		return lang.Text{EN: "The signature could not be verified: %v.", ZH: "无法验证该签名：%v。"}, true
	case NothingToVerifyWith:
		return lang.Text{EN: "There is a %s signature, but %s was given to verify it with.", ZH: "存在 %[1]s 签名，但未提供%[2]s来验证它。"}, true
	case WrongKey:
		return lang.Text{EN: "The signature does not fit the key %s: it was made with another one, or changed since.", ZH: "签名与密钥 %s 不符：使用了其他密钥，或签名后被改动。"}, true
	case LogEntryBad:
		return lang.Text{EN: "The entry in the transparency log does not prove the signature: %v.", ZH: "透明日志中的条目不能证明该签名：%v。"}, true
	}
	return lang.Text{}, false
}

// judgement are the sentences about the signer's certificate.
func (c Code) judgement() lang.Text {
	switch c {
	case UntrustedRoot:
		return lang.Text{EN: "Certificate %q is vouched for by nobody in %s.", ZH: "%[2]s 中没有任何证书为 %[1]q 担保。"}
	case TrustStore:
		return lang.Text{EN: "The trust stores of statement %q could not be read: %v.", ZH: "无法读取语句 %q 的信任库：%v。"}
	case WrongIdentity:
		return lang.Text{EN: "The signer is %q, but %s trusts only %s.", ZH: "签名者是 %q，而%s只信任 %s。"}
	case CertificateExpired:
		return lang.Text{EN: "Certificate %q ran out on %s, and no trusted time shows that the signature is older.", ZH: "证书 %q 已于 %s 到期，且没有可信时间证明签名早于此。"}
	case CertificateTooNew:
		return lang.Text{EN: "Certificate %q counts only from %s.", ZH: "证书 %q 从 %s 起才有效。"}
	case TimestampMissing:
		return lang.Text{EN: "Statement %q wants a timestamp, and the signature has none.", ZH: "语句 %q 要求时间戳，而签名没有时间戳。"}
	case TimestampBad:
		return lang.Text{EN: "The timestamp proves nothing: %v.", ZH: "时间戳不能证明任何事：%v。"}
	case TimestampRevoked:
		return lang.Text{EN: "The timestamp was made with a withdrawn certificate: %s.", ZH: "时间戳由已吊销的证书签发：%s。"}
	case TimestampUnknown:
		return lang.Text{EN: "Whether the certificate of the timestamp was withdrawn could not be found out: %s.", ZH: "无法得知时间戳的证书是否已被吊销：%s。"}
	case CertificateRevoked:
		return lang.Text{EN: "The certificate was withdrawn: %s.", ZH: "证书已被吊销：%s。"}
	case RevocationUnknown:
		return lang.Text{EN: "Whether the certificate was withdrawn could not be found out: %s.", ZH: "无法得知证书是否已被吊销：%s。"}
	case NoTrustedTime:
		return lang.Text{EN: "Certificate %q counted from %s to %s, and nothing that could be verified says when the signature was made: %v.", ZH: "证书 %q 的有效期为 %s 至 %s，且没有可验证的内容说明签名时间：%v。"}
	case CertificateLogBad:
		return lang.Text{EN: "Nothing proves that the certificate is in a certificate log: %v.", ZH: "没有内容证明该证书已记入证书日志：%v。"}
	}
	return lang.Text{EN: string(c), ZH: string(c)}
}

// Because is a reason with its particulars; how many and which, each code says.
func Because(c Code, particulars ...any) Reason {
	sentence := c.sentence()
	return Reason{c, lang.Text{EN: fill(sentence.EN, lang.English, particulars), ZH: fill(sentence.ZH, lang.Chinese, particulars)}}
}

// fill puts the particulars into a sentence; texts among them take its
// language.
func fill(sentence string, l lang.Language, particulars []any) string {
	words := make([]any, len(particulars))
	for i, p := range particulars {
		if text, ok := p.(lang.Text); ok {
			words[i] = text.In(l)
			continue
		}
		words[i] = p
	}
	return fmt.Sprintf(sentence, words...)
}

// State is what a signature is for this reason: some codes say that it is bad,
// others that nobody knows.
func (c Code) State() State {
	switch c {
	case Verified:
		return Trusted
	case NotSigned:
		return Unsigned
	case Exempted:
		return Exempt
	case NoStatement, RegistryDown, AccessDenied, NotFound, TooMany, TrustStore, TimestampUnknown, RevocationUnknown,
		PluginFailed, NotVerifiable, NothingToVerifyWith, NoTrustedTime:
		return Unchecked
	}
	return NotTrusted
}
