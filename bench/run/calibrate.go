package main

import (
	"slices"
	"strconv"
	"time"
)

// calibrationVersion names the work below. Whoever changes the work raises it,
// and figures of another version are no longer compared.
const calibrationVersion = 1

// calibrate does the fixed work and says how much CPU time it took here. The
// work is of the kinds that scanning consists of: walking bytes, hashing them,
// small allocations, maps of strings and sorting.
func calibrate() (time.Duration, error) {
	before, err := ownUsage()
	if err != nil {
		return 0, err
	}
	work(calibrationRounds)
	after, err := ownUsage()
	return after - before, err
}

// calibrationRounds makes the work take a few tenths of a second.
const calibrationRounds = 250

// work returns a checksum, which keeps the compiler from leaving any of it out
// and lets a test see that the work has not changed.
func work(rounds int) uint64 {
	const words = 4000
	sum := uint64(14695981039346656037)
	for round := range rounds {
		counts := make(map[string]int, words)
		text := make([]byte, 0, words*8)
		for i := range words {
			word := strconv.FormatUint(mix(uint64(round*words+i))%100000, 36)
			counts[word]++
			text = append(append(text, word...), ' ')
		}
		for range 20 {
			for _, b := range text {
				sum = (sum ^ uint64(b)) * 1099511628211
			}
		}
		for _, word := range sortedKeys(counts) {
			sum = mix(sum + uint64(counts[word]) + uint64(len(word)))
		}
	}
	return sum
}

func sortedKeys(counts map[string]int) []string {
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// mix scatters a number over all of its bits.
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
