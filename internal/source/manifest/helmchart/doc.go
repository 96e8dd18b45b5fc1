// Package helmchart renders Helm charts with Helm's own engine and finds out
// which line of which template every line of the result comes from.
//
// A chart is rendered twice. The first time, every template is rewritten so
// that it says what it prints and from where, while printing the same; this
// run also counts what the templates consume and ends those that would loop,
// recurse or grow without bound. The second run renders the chart as it is,
// and is what counts; if both agree, which they do unless a chart is very odd,
// each byte of the result has its place in a template.
//
// Nothing is fetched and no cluster is asked: `lookup` finds nothing,
// dependencies must lie in the charts folder, names are not resolved. Random
// values and the clock are constants, so that the same chart always renders
// the same.
package helmchart
