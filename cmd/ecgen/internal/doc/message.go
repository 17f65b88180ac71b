package doc

import "github.com/ecgen/ecgen/cmd/ecgen/internal/model"

// message is what a page says of a message.
type message struct {
	*model.Struct
	site     *site
	Tags     []*tag
	Requests []*model.Struct // that it replies to
	Example  *packet
}

// object is what a page says of a tag with children.
type object struct {
	*model.Struct
	Own, Tags []*tag
	Uses      []use
}

func (s *site) message(t *model.Struct) *message {
	m := &message{Struct: t, site: s, Tags: s.tags(t, t.Fields), Example: s.shown[t.Name]}
	for _, request := range s.protocol.Messages {
		for _, reply := range request.Replies {
			if reply.Message == t {
				m.Requests = append(m.Requests, request)
			}
		}
	}
	return m
}

// Title is the name of the message.
func (m *message) Title() string { return m.site.title(m.Struct) }

// title is the name of an object, or of a message its opcode's name, and who
// writes it where that is needed to tell two messages apart.
func (s *site) title(t *model.Struct) string {
	switch {
	case t.Opcode == nil:
		return t.Name
	case len(s.messagesOf(t.Opcode)) > 1:
		return t.Opcode.Name + " (" + string(t.From[0]) + ")"
	default:
		return t.Opcode.Name
	}
}

// Direction says who writes the message.
func (m *message) Direction() string {
	switch {
	case len(m.From) > 1:
		return "either side"
	case m.From[0] == "client":
		return "client to daemon"
	default:
		return "daemon to client"
	}
}

func (s *site) object(t *model.Struct) *object {
	o := &object{Struct: t, Own: s.tags(t, t.Own), Tags: s.tags(t, t.Fields)}
	for _, user := range s.structs() {
		for _, f := range user.Fields {
			if f.Object == t {
				o.Uses = append(o.Uses, use{user, f})
			}
		}
	}
	return o
}
