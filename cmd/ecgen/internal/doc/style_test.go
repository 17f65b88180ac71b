package doc

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// textColors are those that text may have. All other colors of the style are
// what text stands on, except for lines.
var textColors = []string{"ink", "soft", "link"}

var (
	colorVariable = regexp.MustCompile(`--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	declaration   = regexp.MustCompile(`[\w-]+:\s*[^;{}]+`)
)

// luminance is the relative luminance of a color as WCAG defines it.
func luminance(t *testing.T, color string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(strings.TrimPrefix(color, "#"), 16, 24)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(channel uint64) float64 {
		c := float64(channel&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(value>>16) + 0.7152*linear(value>>8) + 0.0722*linear(value)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTheContrastFormulaIsThatOfWCAG(t *testing.T) {
	for pair, want := range map[[2]string]string{
		{"#000000", "#ffffff"}: "21.00",
		{"#777777", "#ffffff"}: "4.48",
		{"#767676", "#ffffff"}: "4.54",
	} {
		if got := fmt.Sprintf("%.2f", contrast(t, pair[0], pair[1])); got != want {
			t.Errorf("%v: %s, want %s", pair, got, want)
		}
	}
}

func TestTextHasContrastOnEveryBackgroundInBothThemes(t *testing.T) {
	style := string(mustRead(t, "static/site.css"))
	themes := [2]map[string]string{{}, {}}
	for _, found := range colorVariable.FindAllStringSubmatch(style, -1) {
		themes[0][found[1]], themes[1][found[1]] = found[2], found[3]
	}
	if len(themes[0]) < 12 {
		t.Fatalf("only %d colors were found", len(themes[0]))
	}
	for i, colors := range themes {
		for _, text := range textColors {
			for background, color := range colors {
				if background == "line" || strings.Contains(strings.Join(textColors, " "), background) {
					continue
				}
				if c := contrast(t, colors[text], color); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", [...]string{"light", "dark"}[i], text, background, c)
				}
			}
		}
	}
}

// The test above would be worth nothing if there were other colors.
func TestTheStyleUsesNoOtherColors(t *testing.T) {
	style := string(mustRead(t, "static/site.css"))
	_, rules, _ := strings.Cut(style, "--line:")
	for _, d := range declaration.FindAllString(rules, -1) {
		property, value, _ := strings.Cut(d, ":")
		switch property {
		case "color", "background", "background-color":
			value = strings.TrimSpace(value)
			name := strings.TrimSuffix(strings.TrimPrefix(value, "var(--"), ")")
			isText := strings.Contains(strings.Join(textColors, " "), name)
			fixed := value == "inherit" || value == "none" || strings.Contains(value, "rgb(0 0 0 / .3)")
			if !fixed && (!strings.Contains(value, "var(--") || isText != (property == "color")) {
				t.Errorf("%s", d)
			}
		}
		if strings.Contains(value, "#") {
			t.Errorf("%s: a color without a name", d)
		}
	}
}
