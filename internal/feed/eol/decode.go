package eol

import (
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// maxBlock bounds what one product may expand to.
const maxBlock = 4 << 20

var errDamaged = errors.New("the end-of-life data is damaged; import it again")

// decode reads the block of one product.
func decode(block string) (*Product, error) {
	r := flate.NewReader(strings.NewReader(block))
	data, err := io.ReadAll(io.LimitReader(r, maxBlock))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", errDamaged, err)
	}
	d := &decoder{data: string(data)}
	p := d.product()
	if d.failed || d.data != "" {
		return nil, errDamaged
	}
	return p, nil
}

// decoder reads values in the order in which encoder wrote them. After the first
// that isn't there, all are empty.
type decoder struct {
	data   string
	failed bool
}

func (d *decoder) product() *Product {
	p := &Product{Name: d.text(), Label: d.text(), Category: d.text(), Page: d.text(), Support: d.text(), Extended: d.text()}
	p.Aliases, p.Tags = d.texts(), d.texts()
	for range d.count() {
		c := Cycle{Name: d.text(), Codename: d.text(), Label: d.text(), Latest: d.text()}
		c.Released, c.LTS, c.EOAS, c.EOL, c.EOES, c.LatestOn = d.mark(), d.mark(), d.mark(), d.mark(), d.mark(), d.mark()
		p.Cycles = append(p.Cycles, c)
	}
	return p
}

// count is a number of things that follow, each of a byte at least.
func (d *decoder) count() int {
	var n uint64
	for shift := 0; ; shift += 7 {
		if d.data == "" || shift > 28 {
			return d.fail()
		}
		b := d.data[0]
		d.data = d.data[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			break
		}
	}
	if n > uint64(len(d.data)) {
		return d.fail()
	}
	return int(n)
}

func (d *decoder) fail() int {
	d.failed, d.data = true, ""
	return 0
}

func (d *decoder) text() string {
	n := d.count()
	s := d.data[:n]
	d.data = d.data[n:]
	return s
}

func (d *decoder) texts() []string {
	var list []string
	for range d.count() {
		list = append(list, d.text())
	}
	return list
}

func (d *decoder) mark() Mark {
	if d.data == "" {
		d.fail()
		return Mark{}
	}
	form := markForm(d.data[0])
	d.data = d.data[1:]
	if form != onDay {
		if form > onDay {
			d.fail()
			form = unknown
		}
		return Mark{form: form}
	}
	day, n := binary.Varint([]byte(d.data[:min(len(d.data), binary.MaxVarintLen32)]))
	if n <= 0 || day > math.MaxInt32 || day < math.MinInt32 {
		d.fail()
		return Mark{}
	}
	d.data = d.data[n:]
	return On(Day(day))
}
