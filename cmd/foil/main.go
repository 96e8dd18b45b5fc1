// Command foil finds what an attacker could use in a Kubernetes estate, and the
// changes that take the most away.
package main

import (
	"os"

	"github.com/foilsec/foil/internal/cli"
)

func main() { os.Exit(int(cli.Main())) }
