package describe

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Encode returns the description as JSON with a line for each tag, code and
// value.
func (p *Protocol) Encode() ([]byte, error) {
	var compact bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	decoder := json.NewDecoder(&compact)
	decoder.UseNumber()
	if err := layOut(&out, decoder, 0); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// layOut copies the next value. What has objects in it is broken into lines.
func layOut(out *bytes.Buffer, from *json.Decoder, depth int) error {
	var value json.RawMessage
	if err := from.Decode(&value); err != nil {
		return err
	}
	if !bytes.ContainsRune(value[1:], '{') || value[0] != '{' && value[0] != '[' {
		out.Write(value)
		return nil
	}
	inner := json.NewDecoder(bytes.NewReader(value))
	if _, err := inner.Token(); err != nil {
		return err
	}
	out.WriteByte(value[0])
	for i := 0; inner.More(); i++ {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n" + strings.Repeat("  ", depth+1))
		if value[0] == '{' {
			key, err := inner.Token()
			if err != nil {
				return err
			}
			out.WriteString(`"` + key.(string) + `": `)
		}
		if err := layOut(out, inner, depth+1); err != nil {
			return err
		}
	}
	out.WriteString("\n" + strings.Repeat("  ", depth))
	out.WriteByte(value[len(value)-1])
	return nil
}
