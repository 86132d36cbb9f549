package center

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// ErrBadPassword says that name and password do not belong together; not which
// of the two is wrong, nor whether there is such a person.
var ErrBadPassword = errors.New("wrong name or password")

// Cost of a password's hash, as OWASP advises for argon2id: 19 MiB, 2 passes.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashLength = 32
	saltLength = 16
)

// hashesAtOnce bounds the memory that many sign-ins at a time take.
const hashesAtOnce = 4

// SignIn is the person with that id, if the password is theirs; else
// [ErrBadPassword]. It takes as long for a name that nobody has.
func (c *Center) SignIn(ctx context.Context, name, password string) (Person, error) {
	var hash string
	err := c.db.QueryRowContext(ctx, "SELECT password FROM center_people WHERE id = $1", name).Scan(&hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Person{}, fmt.Errorf("sign in: %w", err)
	}
	known := hash != ""
	if !known {
		hash = c.nobody
	}
	fits, err := c.fits(ctx, password, hash)
	if err != nil {
		return Person{}, fmt.Errorf("sign in: %w", err)
	}
	if !known || !fits {
		return Person{}, ErrBadPassword
	}
	return c.Person(ctx, name)
}

// SetPassword gives a person a password to sign in with; [ErrNotFound] if there
// is no such person. An empty one is refused.
func (c *Center) SetPassword(ctx context.Context, id, password string) error {
	if password == "" {
		return fmt.Errorf("password of %q: it must not be empty", id)
	}
	hash, err := c.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("password of %q: %w", id, err)
	}
	result, err := c.db.ExecContext(ctx, "UPDATE center_people SET password = $1 WHERE id = $2", hash, id)
	if err != nil {
		return fmt.Errorf("password of %q: %w", id, err)
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("password of %q: %w", id, ErrNotFound)
	}
	return nil
}

// SetDeviceSecret gives a person's device the secret that it registers with in
// a realm.
func (c *Center) SetDeviceSecret(ctx context.Context, id, secret, realm string) error {
	return c.SetDeviceSecrets(ctx, map[string]string{id: secret}, realm)
}

// SetDeviceSecrets gives the devices of people, by their ids, the secrets that
// they register with in a realm: all of them or none.
func (c *Center) SetDeviceSecrets(ctx context.Context, secrets map[string]string, realm string) error {
	for id, secret := range secrets {
		if secret == "" || realm == "" {
			return fmt.Errorf("device secret of %q: secret and realm must not be empty", id)
		}
		if _, err := c.Person(ctx, id); err != nil {
			return fmt.Errorf("device secret: %w", err)
		}
	}
	err := c.db.Tx(ctx, func(tx *sql.Tx) error {
		for id, secret := range secrets {
			if err := writeSecret(ctx, tx, id, secret, realm); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.Reload(ctx)
}

// writeSecret keeps the hashes that SIP's digest needs (RFC 8760): HA1, hex of
// MD5 and of SHA-256 of id:realm:secret.
func writeSecret(ctx context.Context, tx *sql.Tx, id, secret, realm string) error {
	text := []byte(id + ":" + realm + ":" + secret)
	weak, strong := md5.Sum(text), sha256.Sum256(text)
	_, err := tx.ExecContext(ctx, `INSERT INTO center_secrets (person, realm, ha1_md5, ha1_sha256) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person) DO UPDATE SET realm = excluded.realm, ha1_md5 = excluded.ha1_md5, ha1_sha256 = excluded.ha1_sha256`,
		id, realm, hex.EncodeToString(weak[:]), hex.EncodeToString(strong[:]))
	if err != nil {
		return fmt.Errorf("device secret of %q: %w", id, err)
	}
	return nil
}

// NewPassword is a random password of 16 characters that can be told apart when
// read aloud or copied by hand: 32 small letters and digits, so 80 bits.
func NewPassword() string {
	const alphabet = "abcdefghijkmnpqrstuvwxyz23456789" // 32: a byte's low bits choose evenly
	password := make([]byte, 16)
	rand.Read(password)
	for i, b := range password {
		password[i] = alphabet[b%32]
	}
	return string(password)
}

// hash is a new hash of the password, in the usual text form
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func (c *Center) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	key, err := c.key(ctx, password, salt, hashPasses, hashMemory, hashLanes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// fits tells whether the password is the one of the hash, whose own cost is
// used: hashes outlive the constants above.
func (c *Center) fits(ctx context.Context, password, hash string) (bool, error) {
	var version, memory, passes, lanes uint32
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a password's hash is in no known form")
	}
	_, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes)
	salt, badSalt := base64.RawStdEncoding.DecodeString(parts[4])
	want, badKey := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err, badSalt, badKey); err != nil || version != argon2.Version {
		return false, fmt.Errorf("a password's hash is in no known form: %w", err)
	}
	key, err := c.key(ctx, password, salt, passes, memory, uint8(lanes))
	return err == nil && subtle.ConstantTimeCompare(key, want) == 1, err
}

func (c *Center) key(ctx context.Context, password string, salt []byte, passes, memory uint32, lanes uint8) ([]byte, error) {
	select {
	case c.hashing <- struct{}{}:
		defer func() { <-c.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashLength), nil
}
