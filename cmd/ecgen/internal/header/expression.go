package header

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/ecgen/ecgen/cmd/ecgen/internal/diag"
)

// deepestNesting bounds parentheses, blocks and macros within each other.
const deepestNesting = 100

// expression evaluates the constant expression that its tokens begin with.
type expression struct {
	tokens []token
	next   int
	depth  int
	wide   bool                                  // compute in 64 bits, as directives do
	lookup func(path string) (constant, bool)    // the values of names, with :: between them
	types  func(name string) (integerType, bool) // for casts; nil where there are none
}

// expressionError says why an expression has no value.
type expressionError struct {
	at     diag.Position
	reason string
}

func (e *expression) peek() token { return e.tokens[e.next] }

func (e *expression) fail(at token, format string, args ...any) *expressionError {
	reason := fmt.Sprintf(format, args...)
	if at.macro != "" {
		reason += " in the macro " + at.macro
	}
	return &expressionError{at.at, reason}
}

// evaluateAll evaluates an expression that the tokens hold nothing behind.
func (e *expression) evaluateAll() (constant, *expressionError) {
	value, err := e.evaluate()
	if err == nil && e.peek().kind != end {
		err = e.fail(e.peek(), "%s is not expected here", e.peek())
	}
	return value, err
}

// evaluate reads an expression and, where there is one, the choice that it makes
// between two more.
func (e *expression) evaluate() (constant, *expressionError) {
	condition, err := e.binary(0)
	if err != nil || !e.peek().is("?") {
		return condition, err
	}
	if err := e.enter(); err != nil {
		return constant{}, err
	}
	defer e.leave()
	e.next++
	yes, err := e.evaluate()
	if err != nil {
		return constant{}, err
	}
	if !e.peek().is(":") {
		return constant{}, e.fail(e.peek(), ": is missing before %s", e.peek())
	}
	e.next++
	no, err := e.evaluate()
	if err != nil || !condition.known() {
		return constant{}, err
	}
	chosen := no
	if condition.isTrue() {
		chosen = yes
	}
	if !chosen.known() {
		return constant{}, nil
	}
	result, _ := max(yes.kind, no.kind).in(chosen.value) // a wider type holds it
	return result, nil
}

// precedence lists the operators with two sides, those that bind least first.
var precedence = [][]string{
	{"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<", ">", "<=", ">="}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"},
}

func (e *expression) binary(level int) (constant, *expressionError) {
	if level == len(precedence) {
		return e.unary()
	}
	left, err := e.binary(level + 1)
	if err != nil {
		return constant{}, err
	}
	for e.peekAny(precedence[level]) {
		operator := e.peek()
		e.next++
		right, err := e.binary(level + 1)
		if err != nil {
			return constant{}, err
		}
		result, failure := combine(left, operator.text, right)
		if failure != nil {
			return constant{}, e.fail(operator, "%v", failure)
		}
		left = result
	}
	return left, nil
}

func (e *expression) peekAny(operators []string) bool {
	for _, operator := range operators {
		if e.peek().is(operator) {
			return true
		}
	}
	return false
}

func (e *expression) unary() (constant, *expressionError) {
	if err := e.enter(); err != nil {
		return constant{}, err
	}
	defer e.leave()
	if to, found := e.cast(); found {
		operand, err := e.unary()
		if err != nil || !operand.known() {
			return operand, err
		}
		return to.hold(operand.value), nil
	}
	operator := e.peek()
	if !e.peekAny([]string{"+", "-", "~", "!"}) {
		return e.operand()
	}
	e.next++
	operand, err := e.unary()
	if err != nil || !operand.known() {
		return operand, err
	}
	value := new(big.Int)
	switch operator.text {
	case "+":
		return operand, nil
	case "!":
		return truth(!operand.isTrue()), nil
	case "-":
		value.Neg(operand.value)
	case "~":
		value.Not(operand.value)
	}
	result, failure := operand.kind.in(value)
	if failure != nil {
		return constant{}, e.fail(operator, "%v", failure)
	}
	return result, nil
}

// operand reads a number, a name or an expression in parentheses.
func (e *expression) operand() (constant, *expressionError) {
	t := e.peek()
	switch {
	case t.kind == number:
		e.next++
		value, failure := parseNumber(t.text)
		if failure != nil {
			return constant{}, e.fail(t, "%s: %v", t, failure)
		}
		return e.widened(value), nil
	case t.is("true"), t.is("false"):
		e.next++
		return e.widened(truth(t.is("true"))), nil
	case t.kind == literal && strings.HasPrefix(t.text, "'"):
		e.next++
		value, failure := parseCharacter(t.text)
		if failure != nil {
			return constant{}, e.fail(t, "%s: %v", t, failure)
		}
		return e.widened(value), nil
	case t.kind == name, t.is("::") && e.tokens[e.next+1].kind == name:
		path := e.path()
		value, known := e.lookup(path)
		if !known {
			return constant{}, e.fail(t, "%s is not defined here", path)
		}
		return value, nil
	case t.is("("):
		e.next++
		value, err := e.evaluate()
		if err != nil {
			return constant{}, err
		}
		if !e.peek().is(")") {
			return constant{}, e.fail(e.peek(), ") is missing before %s", e.peek())
		}
		e.next++
		return value, nil
	default:
		return constant{}, e.fail(t, "a value is missing before %s", t)
	}
}

func (e *expression) widened(value constant) constant {
	if !e.wide {
		return value
	}
	wide, _ := narrowest(value.value, signed64, unsigned64)
	return wide
}

// path reads names with :: between them. One before the first is left out.
func (e *expression) path() string {
	if e.peek().is("::") {
		e.next++
	}
	start := e.next
	e.next++
	for e.peek().is("::") && e.tokens[e.next+1].kind == name {
		e.next += 2
	}
	return spell(e.tokens[start:e.next])
}

// cast reads a type to which what follows is converted, if there is one: in
// parentheses, behind static_cast, or before parentheses.
func (e *expression) cast() (to integerType, found bool) {
	begin, behind := e.next, ""
	switch {
	case e.types == nil:
		return to, false
	case e.peek().is("("):
		begin, behind = begin+1, ")"
	case e.peek().is("static_cast") && e.tokens[begin+1].is("<"):
		begin, behind = begin+2, ">"
	}
	stop := begin
	for e.tokens[stop].kind == name || e.tokens[stop].is("::") {
		stop++
	}
	if to, found = e.types(spell(e.tokens[begin:stop])); !found {
		return to, false
	}
	switch {
	case behind == "":
		found = e.tokens[stop].is("(")
	case e.tokens[stop].is(behind):
		stop++
	default:
		found = false
	}
	if found {
		e.next = stop
	}
	return to, found
}

func (e *expression) enter() *expressionError {
	e.depth++
	if e.depth > deepestNesting {
		return e.fail(e.peek(), "the expression is nested too deeply")
	}
	return nil
}

func (e *expression) leave() { e.depth-- }

// combine computes an operator with two sides as C++ does: in the wider of the
// two types, a shift in the type of its left side.
func combine(left constant, operator string, right constant) (constant, error) {
	if !left.known() || !right.known() {
		return constant{}, nil
	}
	kind := max(left.kind, right.kind)
	result := new(big.Int)
	switch operator {
	case "||":
		return truth(left.isTrue() || right.isTrue()), nil
	case "&&":
		return truth(left.isTrue() && right.isTrue()), nil
	case "<<", ">>":
		return shift(left, operator, right)
	}
	a, err := kind.in(left.value)
	if err != nil {
		return constant{}, err
	}
	b, err := kind.in(right.value)
	if err != nil {
		return constant{}, err
	}
	order := a.value.Cmp(b.value)
	switch operator {
	case "==":
		return truth(order == 0), nil
	case "!=":
		return truth(order != 0), nil
	case "<":
		return truth(order < 0), nil
	case ">":
		return truth(order > 0), nil
	case "<=":
		return truth(order <= 0), nil
	case ">=":
		return truth(order >= 0), nil
	case "|":
		result.Or(a.value, b.value)
	case "^":
		result.Xor(a.value, b.value)
	case "&":
		result.And(a.value, b.value)
	case "+":
		result.Add(a.value, b.value)
	case "-":
		result.Sub(a.value, b.value)
	case "*":
		result.Mul(a.value, b.value)
	case "/", "%":
		if b.value.Sign() == 0 {
			return constant{}, errors.New("this divides by zero")
		}
		if operator == "/" {
			result.Quo(a.value, b.value)
		} else {
			result.Rem(a.value, b.value)
		}
	}
	return kind.in(result)
}

func shift(left constant, operator string, right constant) (constant, error) {
	if !fits(right.value, 16, false) || right.value.Uint64() >= uint64(left.kind.bits()) {
		return constant{}, errors.New("this shifts by more bits than there are")
	}
	distance := uint(right.value.Uint64())
	if operator == ">>" {
		return constant{new(big.Int).Rsh(left.value, distance), left.kind}, nil
	}
	result := new(big.Int).Lsh(left.value, distance)
	if left.kind.signed() && left.value.Sign() > 0 && fits(result, left.kind.bits(), false) {
		return left.kind.reinterpret(result), nil
	}
	return left.kind.in(result)
}

// reinterpret reads the bits of an unsigned number as a signed type does.
func (k integerKind) reinterpret(value *big.Int) constant {
	if !fits(value, k.bits(), true) {
		value = new(big.Int).Sub(value, new(big.Int).Lsh(big.NewInt(1), k.bits()))
	}
	return constant{value, k}
}
