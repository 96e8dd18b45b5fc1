// Package npm reads the packages of Node.js that are installed: the
// package.json in each of their folders.
//
// What is only asked for, in lock files, is read elsewhere. A package.json
// without a name and a version marks a folder and is no package.
package npm
