package session

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ecgen/ecgen/codec"
)

// Password is the MD5 of a password, which is all that either side of a login
// needs. It prints as "secret" whatever the verb. The zero value is no
// password.
type Password struct {
	sum func() [md5.Size]byte // which fmt cannot look into, wherever the Password stands
}

// NewPassword returns the Password for a text, or the zero Password for the
// empty text, which no daemon accepts.
func NewPassword(text string) Password {
	if text == "" {
		return Password{}
	}
	return stored(md5.Sum([]byte(text)))
}

func stored(sum [md5.Size]byte) Password {
	return Password{func() [md5.Size]byte { return sum }}
}

var errPasswordHash = errors.New("session: a stored password is the MD5 of a password: 32 hex digits, and not that of the empty password")

// ParsePassword reads the MD5 of a password in hex, as ECPassword in amule.conf
// holds it.
func ParsePassword(digits string) (Password, error) {
	var sum [md5.Size]byte
	if len(digits) != 2*md5.Size {
		return Password{}, errPasswordHash
	}
	if _, err := hex.Decode(sum[:], []byte(digits)); err != nil {
		return Password{}, errPasswordHash
	}
	if sum == md5.Sum(nil) {
		return Password{}, errPasswordHash
	}
	return stored(sum), nil
}

// IsZero reports whether p is no password.
func (p Password) IsZero() bool { return p.sum == nil }

// Format prints "secret", or "none" for the zero Password.
func (p Password) Format(f fmt.State, _ rune) {
	if p.IsZero() {
		fmt.Fprint(f, "none")
		return
	}
	fmt.Fprint(f, "secret")
}

// MarshalText returns what Format prints: a Password is never stored.
func (p Password) MarshalText() ([]byte, error) { return []byte(fmt.Sprint(p)), nil }

// answer returns what PASSWD_HASH must be for a salt: the MD5 of two texts, the
// MD5 of the password and the MD5 of the salt in capital hex digits without
// leading zeros (reference section 3.2).
func (p Password) answer(salt uint64) codec.Hash {
	text := strings.ToUpper(strconv.FormatUint(salt, 16))
	sum, salted := p.sum(), md5.Sum([]byte(text))
	return md5.Sum([]byte(hex.EncodeToString(sum[:]) + hex.EncodeToString(salted[:])))
}
