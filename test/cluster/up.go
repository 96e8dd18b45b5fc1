package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/foilsec/foil/test/cluster/kube"
	"github.com/foilsec/foil/test/cluster/machine"
)

// upFlags are what the user asks of `up`.
type upFlags struct {
	options    kube.Options
	install    bool
	foreground bool
}

func up(ctx context.Context, args []string) error {
	f, err := parseUp(args)
	if err != nil {
		return err
	}
	if f.install {
		if err := machine.Install(ctx, f.options.Node, os.Stderr); err != nil {
			return err
		}
	}
	c, err := kube.Start(ctx, f.options)
	if err != nil {
		return err
	}
	if f.options.FakeNodes > 0 && !f.foreground {
		if err := runFakePodsBeside(ctx, c); err != nil {
			return errors.Join(err, c.Stop())
		}
	}
	describe(c, f)
	if !f.foreground {
		return nil
	}
	return errors.Join(c.Wait(ctx), c.Stop())
}

func parseUp(args []string) (upFlags, error) {
	var f upFlags
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	dir := dirFlag(flags)
	flags.BoolVar(&f.options.Node, "node", false, "add a real node that runs real pods (needs root)")
	flags.IntVar(&f.options.FakeNodes, "fake-nodes", 0, "add this many nodes without a kubelet, whose pods are shown as running")
	flags.BoolVar(&f.install, "install", false, "install missing Debian packages first (needs root)")
	flags.BoolVar(&f.foreground, "foreground", false, "stay attached and stop the cluster on Ctrl-C")
	audit := flags.Bool("audit", false, "write an audit log")
	policy := flags.String("audit-policy", "", "file with the audit policy (default: metadata of every request)")
	webhook := flags.String("audit-webhook", "", "URL that audit events are posted to as well")
	flags.Func("api-server-flag", "flag for kube-apiserver as --name=value; may be repeated", appendTo(&f.options.APIServerFlags))
	flags.Func("controller-manager-flag", "flag for kube-controller-manager; may be repeated", appendTo(&f.options.ControllerManagerFlags))
	if err := parse(flags, args); err != nil {
		return f, err
	}
	var err error
	if f.options.Dir, err = dir(); err != nil {
		return f, err
	}
	f.options.Progress = os.Stderr
	f.options.Detached = !f.foreground
	f.options.Audit, err = auditOptions(*audit, *policy, *webhook)
	return f, err
}

func auditOptions(on bool, policyFile, webhook string) (*kube.Audit, error) {
	if !on && policyFile == "" && webhook == "" {
		return nil, nil
	}
	audit := &kube.Audit{Webhook: webhook}
	if policyFile != "" {
		policy, err := os.ReadFile(policyFile)
		if err != nil {
			return nil, fmt.Errorf("read the audit policy: %w", err)
		}
		audit.Policy = string(policy)
	}
	return audit, nil
}

func appendTo(list *[]string) func(string) error {
	return func(value string) error {
		if !strings.HasPrefix(value, "--") {
			return errors.New("must have the form --name=value")
		}
		*list = append(*list, value)
		return nil
	}
}

// describe prints what the user needs next on standard output; progress went
// to standard error.
func describe(c *kube.Cluster, f upFlags) {
	fmt.Printf("folder      %s\n", c.Dir())
	fmt.Printf("kubeconfig  %s\n", c.Kubeconfig())
	fmt.Printf("kubectl     %s --kubeconfig %s get nodes\n", c.KubectlPath(), c.Kubeconfig())
	if f.options.Audit != nil {
		fmt.Printf("audit log   %s\n", c.AuditLog())
	}
	if f.foreground {
		fmt.Println("stop        Ctrl-C")
		return
	}
	fmt.Printf("stop        go run ./test/cluster down --dir %s\n", c.Dir())
}
