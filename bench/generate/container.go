package generate

import "fmt"

// containers makes n containers with names and ports of their own; role is
// "main" or "init".
func (p *podShape) containers(role string, n int) list {
	containers := make(list, n)
	for i := range containers {
		containers[i] = p.container(role, i)
	}
	return containers
}

func (p *podShape) container(role string, i int) mapping {
	c := mapping{
		{"name", fmt.Sprintf("%s-%s-%d", oneOf(&p.dice, jobs), role, i)},
		{"image", p.image()},
		{"imagePullPolicy", oneOf(&p.dice, []string{"IfNotPresent", "IfNotPresent", "Always"})},
		{"args", p.arguments()},
		{"env", p.environment()},
	}
	if role == "main" {
		c = append(c, p.serving(8000+100*i)...)
	}
	if !p.slips(0.5) {
		c = c.with("resources", p.resources())
	}
	if !p.slips(0.5) {
		c = c.with("securityContext", p.containerSecurity())
	} else if p.slips(0.5) {
		c = c.with("securityContext", p.carelessSecurity())
	}
	return c.with("volumeMounts", p.mounts())
}

func (p *podShape) image() string {
	switch {
	case p.slips(0.3):
		return registry + "/" + oneOf(&p.dice, teams) + "/" + appName(&p.dice) + ":latest"
	case p.slips(0.4):
		return oneOf(&p.dice, publicImages)
	case p.chance(0.5):
		return registry + "/" + oneOf(&p.dice, teams) + "/" + appName(&p.dice) + ":" + p.version()
	default:
		return registry + "/" + oneOf(&p.dice, teams) + "/" + appName(&p.dice) + "@sha256:" + p.hex(64)
	}
}

func (p *podShape) arguments() list {
	arguments := list{"--config=/etc/app/" + oneOf(&p.dice, things) + ".yaml"}
	for range p.below(4) {
		arguments = append(arguments, "--"+oneOf(&p.dice, things)+"-"+oneOf(&p.dice, jobs)+"="+p.hex(8))
	}
	return arguments
}

// environment is most of what a real pod spec consists of. The names start at a
// random setting and go on in order, so that none comes twice.
func (p *podShape) environment() list {
	first, count := p.below(len(settings)), p.between(2, 9)
	env := make(list, 0, count+4)
	if p.chance(0.4) {
		env = append(env, fieldEnv("POD_NAME", "metadata.name"), fieldEnv("POD_NAMESPACE", "metadata.namespace"))
	}
	for i := range count {
		name := settings[(first+i)%len(settings)]
		env = append(env, mapping{{"name", name}, {"value", settingValue(&p.dice, name)}})
	}
	secret := oneOf(&p.dice, secretSettings)
	if p.slips(0.3) {
		return append(env, mapping{{"name", secret}, {"value", fakeSecret}})
	}
	if p.chance(0.5) {
		source := mapping{{"name", appName(&p.dice) + "-credentials"}, {"key", "value"}, {"optional", true}}
		env = append(env, mapping{{"name", secret}, {"valueFrom", mapping{{"secretKeyRef", source}}}})
	}
	return env
}

func fieldEnv(name, path string) mapping {
	return mapping{{"name", name}, {"valueFrom", mapping{{"fieldRef", mapping{{"apiVersion", "v1"}, {"fieldPath", path}}}}}}
}

// serving are the ports and probes of a container that listens.
func (p *podShape) serving(port int) mapping {
	http := mapping{{"name", "http"}, {"containerPort", port}, {"protocol", "TCP"}}
	if p.slips(0.06) {
		http = http.with("hostPort", port)
	}
	m := mapping{{"ports", list{http, mapping{{"name", "metrics"}, {"containerPort", port + 1}, {"protocol", "TCP"}}}}}
	if !p.slips(0.6) && !p.ends {
		m = m.with("livenessProbe", p.probe("/healthz")).with("readinessProbe", p.probe("/readyz"))
	}
	return m
}

func (p *podShape) probe(path string) mapping {
	return mapping{
		{"httpGet", mapping{{"path", path}, {"port", "http"}, {"scheme", "HTTP"}}},
		{"initialDelaySeconds", p.below(30)},
		{"periodSeconds", p.between(5, 30)},
		{"timeoutSeconds", p.between(1, 5)},
		{"failureThreshold", p.between(2, 6)},
	}
}

func (p *podShape) resources() mapping {
	cpu, memory := p.between(10, 500), p.between(32, 1024)
	m := mapping{{"requests", mapping{{"cpu", fmt.Sprintf("%dm", cpu)}, {"memory", fmt.Sprintf("%dMi", memory)}}}}
	if p.slips(0.5) {
		return m
	}
	return m.with("limits", mapping{{"cpu", fmt.Sprintf("%dm", cpu*2)}, {"memory", fmt.Sprintf("%dMi", memory)}})
}

func (p *podShape) containerSecurity() mapping {
	m := mapping{{"allowPrivilegeEscalation", false}}
	if !p.slips(0.6) {
		m = m.with("readOnlyRootFilesystem", true)
	}
	if p.slips(0.4) {
		m = m.with("runAsUser", 0).with("runAsNonRoot", false)
	}
	return m.with("capabilities", mapping{{"drop", list{"ALL"}}})
}

// carelessSecurity is what people write to make something work. An API server
// refuses privileged together with allowPrivilegeEscalation: false.
func (p *podShape) carelessSecurity() mapping {
	if p.chance(0.4) {
		return mapping{{"privileged", true}}
	}
	added := oneOf(&p.dice, []string{"NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "DAC_OVERRIDE"})
	return mapping{{"allowPrivilegeEscalation", true}, {"capabilities", mapping{{"add", list{added}}}}}
}

func (p *podShape) mounts() list {
	var mounts list
	for _, v := range p.volumes {
		name := v.(mapping)[0].value.(string)
		mount := mapping{{"name", name}, {"mountPath", "/mnt/" + name}}
		if name == "config" || name == "credentials" {
			mount = mount.with("readOnly", true)
		}
		mounts = append(mounts, mount)
	}
	return mounts
}
