package harden

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/foilsec/foil/internal/image/harden/rootfs"
)

// account is whom a program runs as.
type account struct {
	uid, gid int
	groups   []int
	home     string
}

// numeric is the account as an image names it.
func (a account) numeric() string { return fmt.Sprintf("%d:%d", a.uid, a.gid) }

// nobody is the account that a program gets which needs none of its own.
func nobody() account { return account{uid: 65532, gid: 65532, home: "/"} }

// accountOf finds the user of an image: a name or a number, with a group or
// without.
func accountOf(tree *rootfs.Tree, user string) (account, error) {
	name, group, hasGroup := strings.Cut(user, ":")
	if name == "" {
		name = "0"
	}
	a := account{uid: -1, home: "/"}
	login := ""
	for _, row := range rows(tree, "etc/passwd", 7) {
		if row[0] == name || row[2] == name {
			a.uid, a.gid, a.home, login = number(row[2]), number(row[3]), row[5], row[0]
			break
		}
	}
	if a.uid < 0 {
		if a.uid = number(name); a.uid < 0 {
			return a, fmt.Errorf("the image runs as %q, and /etc/passwd does not know it", user)
		}
	}
	return a.withGroups(tree, login, group, hasGroup)
}

// withGroups finds the groups of a user.
func (a account) withGroups(tree *rootfs.Tree, login, group string, hasGroup bool) (account, error) {
	if hasGroup {
		a.gid = number(group)
	}
	for _, row := range rows(tree, "etc/group", 4) {
		if hasGroup && row[0] == group {
			a.gid = number(row[2])
		}
		if !hasGroup && login != "" {
			for member := range strings.SplitSeq(row[3], ",") {
				if member == login {
					a.groups = append(a.groups, number(row[2]))
				}
			}
		}
	}
	if a.gid < 0 {
		return a, fmt.Errorf("the image runs in the group %q, and /etc/group does not know it", group)
	}
	return a, nil
}

// rows splits a file of accounts.
func rows(tree *rootfs.Tree, file string, columns int) [][]string {
	real, _, err := tree.Resolve(file)
	if err != nil {
		return nil
	}
	text, err := tree.Read(real, 4<<20)
	if err != nil {
		return nil
	}
	var list [][]string
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimSpace(line), ":")
		if len(row) >= columns && number(row[2]) >= 0 {
			list = append(list, row)
		}
	}
	return list
}

// number reads a user or group number; -1 when it is none.
func number(text string) int {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return -1
	}
	return int(n)
}
