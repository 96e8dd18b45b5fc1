package signature

import (
	"github.com/foilsec/foil/internal/finding"
	"github.com/foilsec/foil/internal/image/trust"
	"github.com/foilsec/foil/internal/lang"
)

// The rules, one for each state that is not good.
const (
	Unsigned  = "image-unsigned"
	Invalid   = "image-signature-invalid"
	Unchecked = "image-signature-unchecked"
)

// ruleOf is the rule that an image in a state breaks; empty for good ones.
func ruleOf(s trust.State) string {
	switch s {
	case trust.Unsigned:
		return Unsigned
	case trust.NotTrusted:
		return Invalid
	case trust.Unchecked:
		return Unchecked
	}
	return ""
}

const specification = "https://github.com/notaryproject/specifications/blob/main/specs/trust-store-trust-policy.md"

func rules() []finding.Rule {
	return []finding.Rule{
		{
			ID: Unsigned, Aliases: []string{"C-0237"}, Severity: finding.Medium,
			Title: lang.Text{EN: "Image is not signed", ZH: "镜像未签名"},
			Risk: lang.Text{
				EN: "Whoever can push to the registry, or stands between it and the node, decides what runs; nothing shows that the image was built by you.",
				ZH: "能向镜像仓库推送或处于其与节点之间的人可决定运行什么；没有任何内容证明镜像由您构建。",
			},
			Advice: lang.Text{
				EN: "Sign the image where it is built (foil image sign), and deploy it by its digest.",
				ZH: "在构建处为镜像签名（foil image sign），并按摘要部署。",
			},
			Techniques: []string{"MS-TA9002"}, References: []string{specification},
			Change: "fix-image", Category: "supply-chain",
		},
		{
			ID: Invalid, Aliases: []string{"C-0236"}, Severity: finding.High,
			Title: lang.Text{EN: "Image has no signature that counts", ZH: "镜像没有有效的签名"},
			Risk: lang.Text{
				EN: "The image carries signatures, but of somebody whom you do not trust, withdrawn, run out, or for other content: it may have been replaced.",
				ZH: "镜像带有签名，但签名者不受信任、证书已吊销、签名已过期或内容不符：镜像可能已被替换。",
			},
			Advice: lang.Text{
				EN: "Find out where the image comes from before it runs again. If it is yours, sign it anew with a certificate that the trust policy accepts.",
				ZH: "在其再次运行之前查明镜像来源。若确为您的镜像，请用信任策略接受的证书重新签名。",
			},
			Techniques: []string{"MS-TA9002"}, References: []string{specification},
			Change: "fix-image", Category: "supply-chain",
		},
		{
			ID: Unchecked, Severity: finding.Low,
			Title: lang.Text{EN: "Signature of the image could not be checked", ZH: "无法检查镜像的签名"},
			Risk: lang.Text{
				EN: "Nobody knows whether the image is the one that was signed. An attacker who keeps a registry or a certificate authority from answering looks just like this.",
				ZH: "无人知道镜像是否就是被签名的那个。阻止镜像仓库或证书机构应答的攻击者看起来正是如此。",
			},
			Advice: lang.Text{
				EN: "Read the reason: give foil access to the registry, let it reach the certificate authority or keep revocation lists, or add the image to the trust policy.",
				ZH: "查看原因：授予 foil 访问镜像仓库的权限，使其能访问证书机构或保留吊销列表，或将镜像加入信任策略。",
			},
			Techniques: []string{"MS-TA9002"}, References: []string{specification},
			Change: "fix-image", Category: "supply-chain",
		},
	}
}
