package helmchart

import (
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
)

// Options are what `helm template` takes on its command line.
type Options struct {
	// ValuesFiles are merged over the values of the chart, the last one wins.
	ValuesFiles []string
	// Set, SetString and SetFile are assignments such as "image.tag=1.2",
	// which win over the files.
	Set, SetString, SetFile []string
	// ReleaseName is .Release.Name; "release-name" when empty.
	ReleaseName string
	// Namespace is .Release.Namespace; "default" when empty.
	Namespace string
	// KubeVersion is .Capabilities.KubeVersion; [DefaultKubeVersion] when
	// empty.
	KubeVersion string
	// APIVersions are added to .Capabilities.APIVersions.
	APIVersions []string
}

// DefaultKubeVersion is the version of Kubernetes that charts are told they
// are installed in.
const DefaultKubeVersion = "v1.37.0"

// Limits bound what a chart may cost. The zero value of a field means the
// default.
type Limits struct {
	// Time is how long rendering may take; 30 s.
	Time time.Duration
	// Bytes is how much text the templates may make and pass on in total;
	// 256 MiB.
	Bytes int64
	// Steps is how many actions, loop rounds and values may be looked at;
	// 20,000,000.
	Steps int64
	// ChartBytes is the size of all files of a chart, unpacked; 64 MiB.
	ChartBytes int64
	// ChartFiles is their number; 20,000.
	ChartFiles int
}

// WithDefaults replaces fields that were not set by the default.
func (l Limits) WithDefaults() Limits {
	if l.Time <= 0 {
		l.Time = 30 * time.Second
	}
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Steps <= 0 {
		l.Steps = 20_000_000
	}
	if l.ChartBytes <= 0 {
		l.ChartBytes = 64 << 20
	}
	if l.ChartFiles <= 0 {
		l.ChartFiles = 20_000
	}
	return l
}

func (o Options) release() common.ReleaseOptions {
	r := common.ReleaseOptions{Name: o.ReleaseName, Namespace: o.Namespace, Revision: 1, IsInstall: true}
	if r.Name == "" {
		r.Name = "release-name"
	}
	if r.Namespace == "" {
		r.Namespace = "default"
	}
	return r
}

func (o Options) capabilities() (*common.Capabilities, error) {
	version := o.KubeVersion
	if version == "" {
		version = DefaultKubeVersion
	}
	parsed, err := common.ParseKubeVersion(version)
	if err != nil {
		return nil, err
	}
	c := common.DefaultCapabilities.Copy()
	c.KubeVersion = *parsed
	c.APIVersions = append(append(common.VersionSet{}, c.APIVersions...), o.APIVersions...)
	return c, nil
}
