package main

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

type point struct{ x, y float64 }

// thinned returns at most so many of the points, with the last one.
func thinned(points []point, most int) []point {
	if len(points) <= most {
		return points
	}
	kept := make([]point, 0, most)
	for i := range most {
		kept = append(kept, points[(i+1)*len(points)/most-1])
	}
	return kept
}

// staircase returns the points as an SVG path: a staircase, since what was reached
// stays reached.
func staircase(points []point, x, y func(float64) float64) string {
	var s strings.Builder
	for i, p := range points {
		if i == 0 {
			fmt.Fprintf(&s, "M%.1f %.1f", x(p.x), y(p.y))
			continue
		}
		fmt.Fprintf(&s, "H%.1fV%.1f", x(p.x), y(p.y))
	}
	return s.String()
}

// curve draws growth over the time of a campaign. The axis of values begins at
// zero, or, where that would show no growth, below the least value.
func curve(title string, points []point, end float64) template.HTML {
	const (
		left, top     = 80, 34
		width, height = 600, 180
	)
	if len(points) == 0 || end == 0 {
		return ""
	}
	base, highest := points[0].y, 1.0
	for _, p := range points {
		base, highest = min(base, p.y), max(highest, p.y)
	}
	if base < highest/2 {
		base = 0
	}
	step := niceStep(highest - base)
	base, highest = step*math.Floor(base/step), step*math.Ceil(highest/step)
	highest = max(highest, base+step)
	x := func(v float64) float64 { return left + width*v/end }
	y := func(v float64) float64 { return top + height*(highest-v)/(highest-base) }

	var s strings.Builder
	fmt.Fprintf(&s, `<svg viewBox="0 0 %d %d" role="img"><title>%s</title><text class="title" x="8" y="18">%[3]s</text>`, left+width+30, top+height+30, template.HTMLEscapeString(title))
	for v := base; v <= highest; v += step {
		fmt.Fprintf(&s, `<path class="grid" d="M%d %.1fh%d"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`, left, y(v), width, left-6, y(v)+4, commas(v))
	}
	for i := range 5 {
		at := end * float64(i) / 4
		fmt.Fprintf(&s, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, x(at), top+height+20, duration(at))
	}
	fmt.Fprintf(&s, `<path class="line" d="%s"/></svg>`, staircase(thinned(points, 400), x, y))
	return template.HTML(s.String())
}

// sparkline draws growth without axes.
func sparkline(points []point, end float64) template.HTML {
	const width, height = 120, 20
	if len(points) == 0 || end == 0 {
		return ""
	}
	highest := points[len(points)-1].y
	x := func(v float64) float64 { return width * v / end }
	y := func(v float64) float64 { return 1 + (height-2)*(1-v/max(highest, 1)) }
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 0 %d %d"><path class="line" d="%s"/></svg>`, width, height, staircase(thinned(points, 60), x, y)))
}

// niceStep returns a step of 1, 2 or 5 times a power of ten that divides a range
// into about four.
func niceStep(highest float64) float64 {
	if highest <= 4 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(highest/4)))
	for _, step := range []float64{1, 2, 5, 10} {
		if highest <= 5*step*power {
			return step * power
		}
	}
	return 10 * power
}
