// Package certstest makes certificates for tests.
package certstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Write writes a new certificate with its key, of some serial number, into the two files.
func Write(t testing.TB, certificate, key string, serial int64, lasts time.Duration) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	form := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(lasts), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, secret.Public(), secret)
	require.NoError(t, err)
	plain, err := x509.MarshalPKCS8PrivateKey(secret)
	require.NoError(t, err)
	put := func(file, kind string, bytes []byte) {
		next := file + ".new"
		require.NoError(t, os.WriteFile(next, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600))
		require.NoError(t, os.Rename(next, file))
	}
	put(certificate, "CERTIFICATE", der)
	put(key, "PRIVATE KEY", plain)
}
