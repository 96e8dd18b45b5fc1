package verify

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// ReadPublicKeys reads the public keys in a PEM file.
func ReadPublicKeys(path string) ([]PublicKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	keys, err := ParsePublicKeys(path, data)
	if err != nil {
		return nil, fmt.Errorf("read the public key %s: %w", path, err)
	}
	return keys, nil
}

// ParsePublicKeys reads public keys, or those of certificates, in PEM.
func ParsePublicKeys(name string, data []byte) ([]PublicKey, error) {
	var keys []PublicKey
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		key, err := publicKey(block)
		if err != nil {
			return nil, err
		}
		keys = append(keys, PublicKey{Name: name, Key: key})
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no key in it: want PEM")
	}
	return keys, nil
}

func publicKey(block *pem.Block) (crypto.PublicKey, error) {
	switch block.Type {
	case "PUBLIC KEY":
		return x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		return x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		return c.PublicKey, nil
	}
	return nil, fmt.Errorf("it holds a %q: want the public key alone", block.Type)
}

// ReadCertificates reads the certificates in a PEM file.
func ReadCertificates(path string) ([]*x509.Certificate, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read certificates: %w", err)
	}
	list, err := ParseCertificates(data)
	if err != nil {
		return nil, fmt.Errorf("read certificates from %s: %w", path, err)
	}
	return list, nil
}

// fits reports whether a signature is by a key over data, in one of the ways
// in which Sigstore signs.
func fits(key crypto.PublicKey, data, signature []byte) bool {
	short, middle, long := sha256.Sum256(data), sha512.Sum384(data), sha512.Sum512(data)
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		hashes := [][]byte{short[:]}
		switch key.Curve.Params().BitSize {
		case 384:
			hashes = append(hashes, middle[:])
		case 521:
			hashes = append(hashes, long[:])
		}
		for _, hash := range hashes {
			if ecdsa.VerifyASN1(key, hash, signature) {
				return true
			}
		}
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, short[:], signature) == nil ||
			rsa.VerifyPSS(key, crypto.SHA256, short[:], signature, nil) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(key, data, signature) ||
			ed25519.VerifyWithOptions(key, long[:], signature, &ed25519.Options{Hash: crypto.SHA512}) == nil
	}
	return false
}
