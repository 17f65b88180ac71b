package view

// GrowTags lets the tests from outside this package grow random tags too.
var GrowTags = growTags
