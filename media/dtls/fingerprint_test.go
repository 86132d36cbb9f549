package dtls

import (
	"crypto/sha1"
	"crypto/sha512"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACertificateVouchesForItself(t *testing.T) {
	own, announced := newCertificate(t)
	require.Regexp(t, `^sha-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$`, own.Fingerprint())
	raw := own.pair.Certificate[0]
	require.NoError(t, announced.check(raw))
	parsed, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	require.NoError(t, parsed.CheckSignature(parsed.SignatureAlgorithm, parsed.RawTBSCertificate, parsed.Signature))

	other, others := newCertificate(t)
	require.NotEqual(t, own.Fingerprint(), other.Fingerprint())
	require.ErrorIs(t, others.check(raw), ErrFingerprint)
	require.ErrorIs(t, Fingerprints{}.check(raw), ErrFingerprint, "nothing announced is nothing allowed")
}

func TestFingerprintsByOtherHashFunctions(t *testing.T) {
	own, _ := newCertificate(t)
	other, _ := newCertificate(t)
	raw := own.pair.Certificate[0]
	by512 := func(c Certificate) string {
		sum := sha512.Sum512(c.pair.Certificate[0])
		return "SHA-512 " + strings.ToLower(colons(sum[:]))
	}
	by1 := sha1.Sum(raw)
	for _, c := range []struct {
		name      string
		announced []string
		want      error
	}{
		{"SHA-1", []string{"sha-1 " + colons(by1[:])}, nil},
		{"lower case", []string{by512(own)}, nil},
		{"several certificates", []string{by512(other), by512(own)}, nil},
		{"several hash functions", []string{own.Fingerprint(), "md5 00", by512(own)}, nil},
		{"the strongest counts", []string{by512(other), own.Fingerprint()}, ErrFingerprint},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := ParseFingerprints(c.announced...)
			require.NoError(t, err)
			require.ErrorIs(t, f.check(raw), c.want)
		})
	}
}

func TestParseFingerprintsRefuses(t *testing.T) {
	own, _ := newCertificate(t)
	for _, values := range [][]string{
		nil, {""}, {"md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"}, {"sha-256"}, {"sha-256 AA:BB"},
		{own.Fingerprint() + ":00"}, {strings.ReplaceAll(own.Fingerprint(), ":", "")},
		{own.Fingerprint(), "sha-512 nonsense"},
	} {
		_, err := ParseFingerprints(values...)
		require.ErrorIs(t, err, ErrBadFingerprint, "%q", values)
	}
}

func TestRoles(t *testing.T) {
	for _, r := range []Role{ActPass, Active, Passive} {
		parsed, err := ParseRole(r.String())
		require.NoError(t, err)
		require.Equal(t, r, parsed)
	}
	for _, setup := range []string{"", "holdconn", "ACTIVE", "both"} {
		_, err := ParseRole(setup)
		require.ErrorIs(t, err, ErrBadRole)
	}
	require.Equal(t, Active, ActPass.Other())
	require.Equal(t, Passive, Active.Other())
	require.Equal(t, Active, Passive.Other())
}

func FuzzFingerprints(f *testing.F) {
	f.Add("sha-256 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:3A:11:22:33:44:55:66:77:88:99:AA:BB")
	f.Add("sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB")
	f.Fuzz(func(t *testing.T, value string) {
		announced, err := ParseFingerprints(value)
		if err == nil {
			require.ErrorIs(t, announced.check([]byte(value)), ErrFingerprint)
		} else {
			require.ErrorIs(t, err, ErrBadFingerprint)
		}
	})
}
