package process

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// information is what the kernel tells of a process.
type information struct {
	pid, parent int
	// started is in clock ticks since boot.
	started string
	// ended is true from the end of the process until its parent collects it.
	ended bool
}

func inspect(pid int) (information, error) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return information{}, err
	}
	// The second field is the program's name in parentheses and may hold
	// spaces and parentheses itself. What follows the last one is regular: the
	// state is field 3, the parent field 4, the start time field 22.
	stat := string(data)
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return information{}, fmt.Errorf("/proc/%d/stat has fewer fields than expected: %q", pid, stat)
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return information{}, fmt.Errorf("read the parent of process %d: %w", pid, err)
	}
	return information{pid: pid, parent: parent, started: fields[19], ended: fields[0] == "Z" || fields[0] == "X"}, nil
}

// Family returns the processes whose command line matches, and all that
// descend from them.
func Family(match func(args []string) bool) ([]Record, error) {
	all, err := list()
	if err != nil {
		return nil, err
	}
	var heads []int
	for pid := range all {
		if line, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); err == nil && match(strings.Split(string(line), "\x00")) {
			heads = append(heads, pid)
		}
	}
	var family []Record
	for pid, p := range all {
		if descends(pid, heads, all) {
			family = append(family, Record{Name: "process " + strconv.Itoa(pid), PID: pid, Started: p.started})
		}
	}
	return family, nil
}

func list() (map[int]information, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	all := map[int]information{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		// A process may end while the list is read.
		if p, err := inspect(pid); err == nil {
			all[pid] = p
		}
	}
	return all, nil
}

// descends reports whether a process is one of the heads or has one among its
// ancestors.
func descends(pid int, heads []int, all map[int]information) bool {
	for ; pid > 1; pid = all[pid].parent {
		if slices.Contains(heads, pid) {
			return true
		}
	}
	return false
}
