// Package advice says on what other base an image could be built: a release that
// is supported, the latest fixes of the same release, a variant with less in it,
// or a base without a distribution at all. Nothing is built or fetched.
//
// It reads what is known of one artifact and the data of feed/eol. Which tags a
// repository has only a registry knows: with a list of them, advice is limited to
// what exists; without, it names what publishers call such images and says that
// nobody looked.
package advice
