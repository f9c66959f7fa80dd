package export

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

const odsType = "application/vnd.oasis.opendocument.spreadsheet"

// writeODS writes pages as an OpenDocument spreadsheet (ISO/IEC 26300). The same pages give the same bytes.
func writeODS(w io.Writer, pages []page) error {
	z := zip.NewWriter(w)
	for _, member := range []struct {
		name, text string
		method     uint16
	}{
		{"mimetype", odsType, zip.Store}, // first and not compressed, so that the kind of file can be told from its first bytes
		{"META-INF/manifest.xml", odsManifest, zip.Deflate},
		{"styles.xml", odsStyles, zip.Deflate},
		{"content.xml", odsContent(pages), zip.Deflate},
	} {
		out, err := z.CreateHeader(&zip.FileHeader{Name: member.name, Method: member.method})
		if err != nil {
			return fmt.Errorf("write a spreadsheet: %w", err)
		}
		if _, err := io.WriteString(out, member.text); err != nil {
			return fmt.Errorf("write a spreadsheet: %w", err)
		}
	}
	return z.Close()
}

const odsManifest = xml.Header + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">` +
	`<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="` + odsType + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>`

const odsStyles = xml.Header + `<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>`

const odsHead = xml.Header + `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"` +
	` xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"` +
	` xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"` +
	` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">` +
	`<office:automatic-styles>` +
	`<number:number-style style:name="N0"><number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>` +
	`<number:number-style style:name="N1"><number:number number:decimal-places="1" number:min-integer-digits="1"/></number:number-style>` +
	`<style:style style:name="strong" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>` +
	`<style:style style:name="decimals0" style:family="table-cell" style:data-style-name="N0"/>` +
	`<style:style style:name="decimals1" style:family="table-cell" style:data-style-name="N1"/>` +
	`</office:automatic-styles><office:body><office:spreadsheet>`

func odsContent(pages []page) string {
	var b strings.Builder
	b.WriteString(odsHead)
	for _, p := range pages {
		b.WriteString(`<table:table table:name="` + escape(p.name) + `">`)
		for _, line := range p.lines {
			b.WriteString(`<table:table-row>`)
			if len(line) == 0 {
				b.WriteString(`<table:table-cell/>`)
			}
			for _, c := range line {
				switch {
				case c.number:
					fmt.Fprintf(&b, `<table:table-cell table:style-name="decimals%d" office:value-type="float" office:value="%s">`, min(c.decimals, 1), c.text)
				case c.strong:
					b.WriteString(`<table:table-cell table:style-name="strong" office:value-type="string">`)
				default:
					b.WriteString(`<table:table-cell office:value-type="string">`)
				}
				b.WriteString(`<text:p>` + escape(c.text) + `</text:p></table:table-cell>`)
			}
			b.WriteString(`</table:table-row>`)
		}
		b.WriteString(`</table:table>`)
	}
	b.WriteString(`</office:spreadsheet></office:body></office:document-content>`)
	return b.String()
}

// escape writes a text for XML; what XML cannot hold becomes the replacement character.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
