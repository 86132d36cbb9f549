package srtp

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
)

// The key of the examples in RFC 4568 section 6.1 (and its base64, which is "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz").
const rfcKey = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

func TestParseCrypto(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString(rfcKey)
	require.NoError(t, err)
	plain := Crypto{Tag: 1, Key: Master(key)}
	with := func(change func(*Crypto)) Crypto {
		c := plain
		change(&c)
		return c
	}
	for value, want := range map[string]Crypto{
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey:              plain,
		"  1  AES_CM_128_HMAC_SHA1_80\tinline:" + rfcKey + " ":    plain,
		"2 AES_CM_128_HMAC_SHA1_32 inline:" + rfcKey:              with(func(c *Crypto) { c.Tag, c.Profile = 2, Tag32 }),
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + "|2^31":    with(func(c *Crypto) { c.Lifetime = 1 << 31 }),
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + "|1048576": with(func(c *Crypto) { c.Lifetime = 1 << 20 }),
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + "|2^20|1:4": with(func(c *Crypto) {
			c.Lifetime, c.MKI = 1<<20, []byte{0, 0, 0, 1}
		}),
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + "|1:1":    with(func(c *Crypto) { c.MKI = []byte{1} }),
		"1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + " WSH=64": plain,
	} {
		got, err := ParseCrypto(value)
		require.NoError(t, err, value)
		require.Equal(t, want, got, value)
		again, err := ParseCrypto(got.Line())
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
}

func TestParseCryptoRefuses(t *testing.T) {
	const suite, key = "AES_CM_128_HMAC_SHA1_80", "inline:" + rfcKey
	for value, want := range map[string]error{
		"":                                                 ErrBadCrypto,
		"1 " + suite:                                       ErrBadCrypto,
		"x " + suite + " " + key:                           ErrBadCrypto,
		"-1 " + suite + " " + key:                          ErrBadCrypto,
		"1234567890 " + suite + " " + key:                  ErrBadCrypto,
		"1 " + suite + " " + rfcKey:                        ErrBadCrypto,
		"1 " + suite + " inline:c2hvcnQ=":                  ErrBadCrypto,
		"1 " + suite + " " + key[:20]:                      ErrBadCrypto,
		"1 " + suite + " inline:" + rfcKey[:39] + "!":      ErrBadCrypto,
		"1 " + suite + " " + key + "|0":                    ErrBadCrypto,
		"1 " + suite + " " + key + "|2^49":                 ErrBadCrypto,
		"1 " + suite + " " + key + "|often":                ErrBadCrypto,
		"1 " + suite + " " + key + "|2^20|1:1|2":           ErrBadCrypto,
		"1 " + suite + " " + key + "|2^20|1:128":           ErrUnsupported,
		"1 " + suite + " " + key + "|256:1":                ErrUnsupported,
		"1 " + suite + " " + key + "|2^20|1:1;" + key:      ErrUnsupported,
		"1 AES_256_CM_HMAC_SHA1_80 " + key:                 ErrUnsupported,
		"1 AEAD_AES_128_GCM " + key:                        ErrUnsupported,
		"1 " + suite + " " + key + " UNENCRYPTED_SRTP":     ErrUnsupported,
		"1 " + suite + " " + key + " UNENCRYPTED_SRTCP":    ErrUnsupported,
		"1 " + suite + " " + key + " UNAUTHENTICATED_SRTP": ErrUnsupported,
		"1 " + suite + " " + key + " WSH=64 KDR=1":         ErrUnsupported,
		"1 " + suite + " " + key + " FEC_ORDER=FEC_SRTP":   ErrUnsupported,
	} {
		_, err := ParseCrypto(value)
		require.ErrorIs(t, err, want, value)
		require.NotContains(t, err.Error(), rfcKey[:20], "an error is logged")
	}
}

func TestAnOfferedCryptoIsAnswered(t *testing.T) {
	offered := []Crypto{NewCrypto(1, Tag80), NewCrypto(2, Tag32)}
	chosen, err := ChooseCrypto([]string{
		"1 AES_256_CM_HMAC_SHA1_80 inline:" + rfcKey, "nonsense", offered[1].Line(), offered[0].Line(),
	})
	require.NoError(t, err)
	require.Equal(t, offered[1], chosen, "the first that fits")

	answer := NewCrypto(chosen.Tag, chosen.Profile)
	require.NotEqual(t, chosen.Key, answer.Key)
	theirs, err := Agree(offered[1], answer)
	require.NoError(t, err)
	ours, err := Agree(answer, chosen)
	require.NoError(t, err)
	near, err := NewSession(ours)
	require.NoError(t, err)
	far, err := NewSession(theirs)
	require.NoError(t, err)
	raw := speech(t, 1, 1)
	sealed, err := near.Seal(nil, raw)
	require.NoError(t, err)
	opened, err := far.Open(nil, sealed)
	require.NoError(t, err)
	require.Equal(t, raw, opened)

	_, err = Agree(offered[0], answer)
	require.ErrorIs(t, err, ErrNoCrypto)
	_, err = ChooseCrypto([]string{"nonsense", "1 F8_128_HMAC_SHA1_80 inline:" + rfcKey})
	require.ErrorIs(t, err, ErrNoCrypto)
	require.ErrorContains(t, err, "F8_128_HMAC_SHA1_80")
	_, err = ChooseCrypto(nil)
	require.ErrorIs(t, err, ErrNoCrypto)
}

func TestAPeersMKIIsUnderstood(t *testing.T) {
	key := NewCrypto(1, Tag80).Key
	near, err := NewSession(Keys{Remote: key, RemoteMKI: []byte{0, 1}})
	require.NoError(t, err)
	far, err := NewSession(Keys{Local: key})
	require.NoError(t, err)
	// The MKI goes between what is encrypted and the tag, made here by hand.
	raw := speech(t, 7, 1)
	sealed, err := far.Seal(nil, raw)
	require.NoError(t, err)
	n := len(sealed) - 10
	marked := append(append(append([]byte{}, sealed[:n]...), 0, 1), sealed[n:]...)
	opened, err := near.Open(nil, marked)
	require.NoError(t, err)
	require.Equal(t, raw, opened)
	marked[n+1] = 2
	marked[3]++
	_, err = near.Open(nil, marked)
	require.ErrorIs(t, err, ErrAuth)
}

func FuzzCrypto(f *testing.F) {
	f.Add("1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + "|2^20|1:4 WSH=64")
	f.Add("2 AES_CM_128_HMAC_SHA1_32 inline:" + rfcKey + "|1:1")
	f.Add("1 AES_CM_128_HMAC_SHA1_80 inline:" + rfcKey + ";inline:" + rfcKey + " UNENCRYPTED_SRTP")
	f.Fuzz(func(t *testing.T, value string) {
		c, err := ParseCrypto(value)
		if err != nil {
			require.Zero(t, c)
			return
		}
		require.NotContains(t, c.Line(), "\n")
		again, err := ParseCrypto(c.Line())
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}
