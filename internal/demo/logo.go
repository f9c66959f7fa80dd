package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// logoSize is twice the height at which pages show the logo, in pixels.
const logoSize = 96

// fine is how many times finer than its pixels the logo is drawn, so that edges are smooth.
const fine = 4

// logo draws the council's sign: two hills above a lake.
func logo() []byte {
	picture := image.NewNRGBA(image.Rect(0, 0, logoSize, logoSize))
	for y := range logoSize {
		for x := range logoSize {
			picture.Set(x, y, logoPixel(x, y))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic("demo: " + err.Error()) // writing to memory
	}
	return out.Bytes()
}

// logoPixel is the mean of the points in a pixel.
func logoPixel(x, y int) color.Color {
	var r, g, b, a float64
	for i := range fine * fine {
		at := func(p, part int) float64 { return (float64(p)+(float64(part)+0.5)/fine)/logoSize*2 - 1 }
		c := logoPoint(at(x, i%fine), at(y, i/fine))
		alpha := float64(c.A)
		r, g, b, a = r+float64(c.R)*alpha, g+float64(c.G)*alpha, b+float64(c.B)*alpha, a+alpha
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(r / a), G: uint8(g / a), B: uint8(b / a), A: uint8(a / (fine * fine))}
}

// logoPoint is the colour at a point; both go from -1 to 1, y downwards.
func logoPoint(x, y float64) color.NRGBA {
	var (
		sky  = color.NRGBA{0xdd, 0xee, 0xf0, 0xff}
		far  = color.NRGBA{0x5f, 0x9a, 0x6b, 0xff}
		near = color.NRGBA{0x2f, 0x6f, 0x4a, 0xff}
		lake = color.NRGBA{0x0b, 0x55, 0x63, 0xff}
		foam = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	)
	wave := 0.06 * math.Sin(9*x)
	switch {
	case x*x+y*y > 0.96:
		return color.NRGBA{}
	case math.Abs(y-0.55-wave) < 0.045 && math.Abs(x) < 0.62, math.Abs(y-0.30-wave) < 0.045 && math.Abs(x) < 0.78:
		return foam
	case y > 0.08:
		return lake
	case y > 0.75*(x-0.42)*(x-0.42)-0.30:
		return near
	case y > 0.9*(x+0.35)*(x+0.35)-0.58:
		return far
	}
	return sky
}
