package eol

import "strings"

// Product is the product of a name or alias of its publisher's.
func (db *DB) Product(name string) (*Product, error) {
	list, err := db.find(nameKey(name))
	if len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// ByPURL finds the products that a package URL is a part of, whatever its
// version and qualifiers. Those of images are found by the repository.
func (db *DB) ByPURL(purl string) ([]*Product, error) {
	k, ok := purlKey(purl)
	if !ok {
		return nil, nil
	}
	return db.find(k)
}

// ByCPE finds products by a CPE in either spelling.
func (db *DB) ByCPE(cpe string) ([]*Product, error) {
	k, ok := cpeKey(cpe)
	if !ok {
		return nil, nil
	}
	return db.find(k)
}

// ByImage finds products by the repository of an image, written out:
// "docker.io/library/nginx".
func (db *DB) ByImage(repository string) ([]*Product, error) {
	if rest, old := strings.CutPrefix(repository, "k8s.gcr.io/"); old {
		repository = "registry.k8s.io/" + rest
	}
	return db.find(imageKey(repository))
}

// BySystemPackage finds products by the name of a package of an operating
// system. A number in the name, as in "postgresql-15" and "php8.2-fpm", is left
// out when the version begins with it and no product has the whole name.
func (db *DB) BySystemPackage(name, version string) ([]*Product, error) {
	list, err := db.find(packageKey(name))
	if len(list) > 0 || err != nil {
		return list, err
	}
	stem, number := splitNumber(name)
	if stem == "" || !beginsWith(version, number) {
		return nil, nil
	}
	return db.find(packageKey(stem))
}

// splitNumber takes the number off a name, and what follows it.
func splitNumber(name string) (stem, number string) {
	at := strings.IndexAny(name, "0123456789")
	if at < 0 {
		return "", ""
	}
	number, suffix, _ := strings.Cut(name[at:], "-")
	if !isVersion(number) || suffix != "" && !strings.Contains(number, ".") {
		return "", "" // python3-yaml is no Python 3
	}
	return strings.TrimRight(name[:at], "-"), number
}

// beginsWith reports whether a version is one of a shorter one.
func beginsWith(version, short string) bool {
	of, all := parts(short), parts(trimVersion(version))
	if len(of) > len(all) {
		return false
	}
	return compareParts(of, all[:len(of)]) == 0
}
