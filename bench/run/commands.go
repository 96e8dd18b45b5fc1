package main

import (
	"fmt"
	"strings"
)

// command is one command line of foil that is timed. In its arguments,
// {cluster:N} is a folder of N generated objects, {shop} the example shop, {image}
// the image that bench/cmd/image makes, {out} a file to write and {cache} a folder
// that lasts for all runs of the command.
type command struct {
	name string
	line string
	// warm runs it once, untimed, so that all timed runs find the cache filled.
	warm bool
}

// commands is everything that is timed; to time more, add a line and run --update.
var commands = []command{
	{name: "scan-2000", line: "scan {cluster:2000} -o json={out}"},
	{name: "scan-20000", line: "scan {cluster:20000} -o json={out}"},
	{name: "scan-burrito-shop", line: "scan {shop} -o json={out}"},
	{name: "rescan-2000-cached", line: "scan {cluster:2000} -o json={out} --cache {cache}", warm: true},
	{name: "image-cold", line: "scan {image} -o json={out} --no-layer-cache"},
	{name: "image-known-layers", line: "scan {image} -o json={out} --cache {cache}", warm: true},
	{name: "one-purl", line: "scan pkg:npm/lodash@4.17.10 -o json={out}"},
}

// choose is the commands whose name contains the text.
func choose(only string) ([]command, error) {
	var chosen []command
	for _, c := range commands {
		if strings.Contains(c.name, only) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no command is called like %q", only)
	}
	return chosen, nil
}
