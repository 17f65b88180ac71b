package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/ecgen/ecgen/generated/ec"
	"github.com/ecgen/ecgen/session"
)

var listSynopsis = []string{"[--json] [--color WHEN]", loginSynopsis}

const downloadsDetails = `Sources are those in use, all that are known, and in brackets those that send.
With --json it prints the reply DLOAD_QUEUE, as "ec dump --json" does.

` + loginDetails

func downloadsOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	return inquiry(flags, func(ctx context.Context, client *session.Client) (answer, error) {
		queue, err := session.Call(ctx, client, &ec.GetDLoadQueue{})
		if err != nil {
			return answer{}, err
		}
		t := downloadTable()
		for i := range queue.PartFiles {
			t.row(downloadRow(&queue.PartFiles[i])...)
		}
		return answer{queue, t.print}, nil
	})
}

func downloadTable() *table {
	return &table{columns: []column{{title: "done"}, {title: "size"}, {title: "speed"}, {title: "sources", spare: true},
		{title: "state", text: true}, {title: "priority", text: true, spare: true}, {title: "name", text: true}}}
}

func downloadRow(d *ec.PartFile) []string {
	return []string{
		shareText(d.SizeDone, d.SizeFull), sizeText(d.SizeFull), speedText(d.Speed), sourcesText(d),
		stateText(d), words(d.DownloadPrio.String()), printable(d.Name),
	}
}

// shareText returns how much of the whole is there, as in 12.5%. Only the whole
// is 100.0%.
func shareText(part, whole uint64) string {
	if part >= whole {
		return "100.0%"
	}
	return fmt.Sprintf("%.1f%%", min(99.9, 100*float64(part)/float64(whole)))
}

func sourcesText(d *ec.PartFile) string {
	text := fmt.Sprintf("%d/%d", int(d.SourceCount)-int(d.SourceCountNotCurrent), d.SourceCount)
	if d.SourceCountXfer > 0 {
		text += fmt.Sprintf(" (%d)", d.SourceCountXfer)
	}
	return text
}

const sharedDetails = `Requests and uploads are those since the daemon started, and of all runs. With
--json it prints the reply SHARED_FILES, as "ec dump --json" does.

` + loginDetails

func sharedOptions(flags *flag.FlagSet) func(*call) (bool, error) {
	return inquiry(flags, func(ctx context.Context, client *session.Client) (answer, error) {
		shared, err := session.Call(ctx, client, &ec.GetSharedFiles{})
		if err != nil {
			return answer{}, err
		}
		t := sharedTable()
		for _, file := range shared.Files {
			if file.KnownFile != nil {
				t.row(sharedRow(file.KnownFile)...)
			}
		}
		return answer{shared, t.print}, nil
	})
}

func sharedTable() *table {
	return &table{columns: []column{{title: "size"}, {title: "requests", spare: true}, {title: "accepted", spare: true}, {title: "uploaded"},
		{title: "priority", text: true, spare: true}, {title: "name", text: true}}}
}

func sharedRow(f *ec.KnownFile) []string {
	return []string{
		sizeText(f.SizeFull),
		fmt.Sprintf("%d/%d", f.ReqCount, f.ReqCountAll), fmt.Sprintf("%d/%d", f.AcceptCount, f.AcceptCountAll),
		sizeText(f.Uploaded) + "/" + sizeText(f.UploadedAll),
		words(f.UploadPrio.String()), printable(f.Name),
	}
}
