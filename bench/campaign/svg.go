package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// style is that of all charts. Colors follow the reader's theme.
const style = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}
.title{font-weight:600;font-size:15px}
.note{fill:#57606a}
.ours{fill:#1a7f37}.peer{fill:#8c959f}.floor{fill:#bf8700}
.grid{stroke:#d0d7de;stroke-width:1}
polyline{fill:none;stroke-width:2}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#8b949e}.grid{stroke:#30363d}.ours{fill:#3fb950}.peer{fill:#6e7681}.floor{fill:#d29922}}
</style>
`

// bar is a bar of a chart.
type bar struct {
	label string
	value float64
	text  string // behind the bar
	class string // ours, peer or floor
}

// barChart draws bars below each other, as long as their values.
func barChart(title, note string, bars []bar) string {
	const (
		labels = 190 // width of the labels
		full   = 470 // length of the longest bar
		texts  = 200 // width of what stands behind it
		step   = 24
		top    = 56
	)
	most := 0.0
	for _, b := range bars {
		most = max(most, b.value)
	}
	var s strings.Builder
	begin(&s, labels+full+texts, top+step*len(bars)+8, title, note)
	for i, b := range bars {
		y := top + step*i
		length := full * b.value / most
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labels-8, y+14, html.EscapeString(b.label))
		fmt.Fprintf(&s, `<rect class="%s" x="%d" y="%d" width="%.1f" height="18" rx="2"/>`, b.class, labels, y, max(length, 1))
		fmt.Fprintf(&s, `<text class="note" x="%.1f" y="%d">%s</text>`+"\n", labels+length+6, y+14, html.EscapeString(b.text))
	}
	s.WriteString("</svg>\n")
	return s.String()
}

// begin writes what all charts begin with.
func begin(s *strings.Builder, width, height int, title, note string) {
	fmt.Fprintf(s, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img">`+"\n", width, height)
	fmt.Fprintf(s, "<title>%s</title>\n%s", html.EscapeString(title), style)
	fmt.Fprintf(s, `<text class="title" x="8" y="20">%s</text><text class="note" x="8" y="40">%s</text>`+"\n", html.EscapeString(title), html.EscapeString(note))
}

// series is a line of a chart.
type series struct {
	label  string
	color  string
	points []point // from left to right
}

type point struct{ x, y float64 }

// lineChart draws lines over a logarithmic axis from left to right. The other
// axis begins at zero.
func lineChart(title, note, unit string, lines []series) string {
	const (
		left, top     = 64, 60
		width, height = 560, 280
		labels        = 200
	)
	least, most, highest := math.Inf(1), 0.0, 0.0
	for _, line := range lines {
		for _, p := range line.points {
			least, most, highest = min(least, p.x), max(most, p.x), max(highest, p.y)
		}
	}
	rows := niceStep(highest)
	highest = rows * math.Ceil(highest/rows)
	x := func(v float64) float64 { return left + width*math.Log(v/least)/math.Log(most/least) }
	y := func(v float64) float64 { return top + height*(1-v/highest) }

	var s strings.Builder
	begin(&s, left+width+labels, top+height+40, title, note)
	for v := 0.0; v <= highest; v += rows {
		fmt.Fprintf(&s, `<path class="grid" d="M%d %.1fh%d"/><text class="note" x="%d" y="%.1f" text-anchor="end">%.0f %s</text>`+"\n",
			left, y(v), width, left-6, y(v)+4, v, unit)
	}
	for v := least; v <= most*1.01; v *= 10 {
		fmt.Fprintf(&s, `<text class="note" x="%.1f" y="%d" text-anchor="middle">%.0f</text>`+"\n", x(v), top+height+20, v)
	}
	free := math.Inf(-1) // below the label before
	for _, line := range byEnd(lines) {
		var path []string
		for _, p := range line.points {
			path = append(path, fmt.Sprintf("%.1f,%.1f", x(p.x), y(p.y)))
			fmt.Fprintf(&s, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, x(p.x), y(p.y), line.color)
		}
		last := line.points[len(line.points)-1]
		at := max(y(last.y)+4, free)
		free = at + 15
		fmt.Fprintf(&s, `<polyline stroke="%s" points="%s"/>`, line.color, strings.Join(path, " "))
		fmt.Fprintf(&s, `<text style="fill:%s" x="%d" y="%.1f">%s</text>`+"\n", line.color, left+width+10, at, html.EscapeString(line.label))
	}
	s.WriteString("</svg>\n")
	return s.String()
}

// niceStep returns a distance of grid lines that makes about five of them.
func niceStep(highest float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(highest/5)))
	for _, factor := range []float64{1, 2, 5} {
		if highest/(step*factor) <= 6 {
			return step * factor
		}
	}
	return step * 10
}
