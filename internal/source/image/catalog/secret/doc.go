// Package secret recognises credentials that were left in files, in variables
// and in build steps: private keys, tokens of services, passwords.
//
// It looks only where people leave such things, asks of every find that its
// form holds (keys decode, check sums are right, values look random), and never
// keeps a value: what leaves this package is where something lies and what it
// is. It asks no service whether a credential still works.
package secret
