package sign

import (
	"context"
	"errors"
	"fmt"
	"os"

	notationgo "github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/plugin"
	"github.com/notaryproject/notation-go/signer"

	"github.com/foilsec/foil/internal/lang"
)

// Key is what signs: files, or a plugin that keeps the key elsewhere.
type Key struct {
	File  string // private key in PEM, not encrypted
	Chain string // its certificate and those above it, in PEM, signer first

	Plugin       string // name of a plugin of Notation
	PluginFolder string // that holds plugins
	ID           string // by which the plugin knows the key
	PluginConfig map[string]string
}

func (k *Key) signer(ctx context.Context) (notationgo.Signer, []lang.Text, error) {
	switch {
	case k.Plugin != "" && k.File != "":
		return nil, nil, errors.New("a key file and a plugin are named: only one can sign")
	case k.Plugin != "":
		s, err := k.fromPlugin(ctx)
		return s, nil, err
	case k.File == "" || k.Chain == "":
		return nil, nil, errors.New("no key to sign with: name the files of a key and of its certificate chain, or a plugin")
	}
	warning, err := checkMode(k.File)
	if err != nil {
		return nil, nil, err
	}
	s, err := signer.NewGenericSignerFromFiles(k.File, k.Chain)
	if err != nil {
		return nil, nil, fmt.Errorf("read the key %s with the chain %s: %w", k.File, k.Chain, err)
	}
	return s, warning, nil
}

func (k *Key) fromPlugin(ctx context.Context) (notationgo.Signer, error) {
	p, err := plugin.NewCLIManager(dir.NewSysFS(k.PluginFolder)).Get(ctx, k.Plugin)
	if err != nil {
		return nil, fmt.Errorf("find the signing plugin %s in %s: %w", k.Plugin, k.PluginFolder, err)
	}
	s, err := signer.NewPluginSigner(p, k.ID, k.PluginConfig)
	if err != nil {
		return nil, fmt.Errorf("sign with plugin %s: %w", k.Plugin, err)
	}
	return s, nil
}

// readableByOthers are the bits of a mode that a private key should not have.
const readableByOthers = 0o077

// checkMode warns about a private key that others on the machine can read.
func checkMode(path string) ([]lang.Text, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	mode := info.Mode().Perm()
	if mode&readableByOthers == 0 {
		return nil, nil
	}
	return []lang.Text{{
		EN: fmt.Sprintf("Others than its owner may use the private key %s (mode %04o): chmod 600 it.", path, mode),
		ZH: fmt.Sprintf("私钥 %s 可被所有者以外的人使用（权限 %04o）：请执行 chmod 600。", path, mode),
	}}, nil
}
