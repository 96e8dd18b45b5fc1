package generate

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func (d *draft) configMap() mapping {
	data := mapping{}
	first := d.below(len(settings))
	for i := range d.between(3, 20) {
		name := settings[(first+i)%len(settings)]
		data = data.with(name, settingValue(&d.dice, name))
	}
	if d.slips(0.2) {
		data = data.with(oneOf(&d.dice, secretSettings), fakeSecret)
	}
	return mapping{{"data", data.with("app.yaml", d.configFile())}}
}

func (d *draft) configFile() string {
	var text strings.Builder
	fmt.Fprintf(&text, "# Settings of %s.\n", d.app)
	for range d.between(5, 60) {
		fmt.Fprintf(&text, "%s:\n  %s: %s\n", oneOf(&d.dice, things)+d.hex(4), oneOf(&d.dice, jobs), d.hex(12))
	}
	return text.String()
}

// secret holds only values that say that they are none.
func (d *draft) secret() mapping {
	value := base64.StdEncoding.EncodeToString([]byte(fakeSecret))
	switch d.below(4) {
	case 0:
		return mapping{{"type", "kubernetes.io/tls"}, {"data", mapping{{"tls.crt", value}, {"tls.key", value}}}}
	case 1:
		return mapping{{"type", "kubernetes.io/basic-auth"}, {"data", mapping{{"username", value}, {"password", value}}}}
	default:
		data := mapping{}
		for i := range d.between(1, 12) {
			data = data.with(fmt.Sprintf("%s.%d", oneOf(&d.dice, things), i), value)
		}
		return mapping{{"type", "Opaque"}, {"data", data}}
	}
}

func (d *draft) volumeClaim() mapping {
	return d.withStatus(mapping{{"spec", d.claimSpec()}}, func() mapping { return mapping{{"phase", "Bound"}} })
}

func (d *draft) claimSpec() mapping {
	return mapping{
		{"accessModes", list{"ReadWriteOnce"}},
		{"storageClassName", oneOf(&d.dice, []string{"standard", "fast"})},
		{"resources", mapping{{"requests", mapping{{"storage", fmt.Sprintf("%dGi", d.between(1, 500))}}}}},
	}
}

func (d *draft) volume() mapping {
	spec := mapping{
		{"capacity", mapping{{"storage", fmt.Sprintf("%dGi", d.between(1, 500))}}},
		{"accessModes", list{"ReadWriteOnce"}},
		{"persistentVolumeReclaimPolicy", oneOf(&d.dice, []string{"Delete", "Retain"})},
		{"storageClassName", oneOf(&d.dice, []string{"standard", "fast"})},
	}
	if d.slips(0.3) {
		spec = spec.with("hostPath", mapping{{"path", "/srv/" + d.name}})
	} else {
		spec = spec.with("csi", mapping{{"driver", "disk.csi.burritos.example"}, {"volumeHandle", "vol-" + d.hex(17)}, {"fsType", "ext4"}})
	}
	return d.withStatus(mapping{{"spec", spec}}, func() mapping { return mapping{{"phase", "Available"}} })
}
