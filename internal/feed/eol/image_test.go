package eol

import "testing"

func TestByTag(t *testing.T) {
	db := embedded(t)
	for _, test := range []struct{ repository, tag, want string }{
		{"docker.io/library/nginx", "1.18", "nginx 1.18"},
		{"docker.io/library/nginx", "1.18.0-alpine", "nginx 1.18"},
		{"docker.io/library/nginx", "1.25-alpine3.18", "nginx 1.25, alpine-linux 3.18"},
		{"docker.io/library/nginx", "stable-bullseye", "debian 11"},
		{"docker.io/library/nginx", "latest", ""},
		{"docker.io/library/postgres", "11", "postgresql 11"},
		{"docker.io/library/postgres", "9", "postgresql 9.6 moving"},
		{"docker.io/library/python", "2", "python 2.7 moving"},
		{"docker.io/library/python", "3.9-slim-buster", "python 3.9, debian 10"},
		{"docker.io/library/node", "14-stretch", "nodejs 14, debian 9"},
		{"docker.io/library/debian", "buster-slim", "debian 10"},
		{"docker.io/library/debian", "10.13-slim", "debian 10"},
		{"docker.io/library/ubuntu", "focal", "ubuntu 20.04"},
		{"docker.io/library/ubuntu", "bionic-20200112", "ubuntu 18.04"},
		{"docker.io/library/alpine", "3.12.1", "alpine-linux 3.12"},
		{"docker.io/library/eclipse-temurin", "8u392-b08-jre-focal", "eclipse-temurin 8, ubuntu 20.04"},
		{"registry.k8s.io/kube-apiserver", "v1.29.4", "kubernetes 1.29"},
		{"registry.k8s.io/etcd", "3.5.10-0", "etcd 3.5"},
		{"quay.io/jetstack/cert-manager-controller", "v1.11.0", "cert-manager 1.11"},
		{"shop.example/kitchen", "1.0", ""},
		{"shop.example/kitchen", "1.0-alpine3.12", "alpine-linux 3.12"},
		{"docker.io/library/golang", "1.19-alpine", "go 1.19"},
		{"docker.io/library/nginx", "1.17.1-alpine", "nginx 1.18 older"},
		{"docker.io/library/nginx", "0.1", ""},
		{"docker.io/library/nginx", "99", ""},
		{"docker.io/library/elasticsearch", "5", "elasticsearch 6 older"},
	} {
		list, err := db.ByTag(test.repository, test.tag)
		got := ""
		for _, m := range list {
			if got != "" {
				got += ", "
			}
			got += m.Product.Name + " " + m.Cycle.Name
			if m.Older {
				got += " older"
			}
			if m.Moving {
				got += " moving"
			}
		}
		if err != nil || got != test.want {
			t.Errorf("%s:%s is %q, %v, want %q", test.repository, test.tag, got, err, test.want)
		}
	}
}

func TestNewerTag(t *testing.T) {
	db := embedded(t)
	today, _ := ParseDay("2026-11-25")
	for _, test := range []struct{ repository, tag, want string }{
		{"docker.io/library/debian", "10", "13"},
		{"docker.io/library/debian", "buster-slim", "trixie-slim"},
		{"docker.io/library/debian", "10.13-slim", "13.6-slim"},
		{"docker.io/library/debian", "13", ""},
		{"docker.io/library/ubuntu", "18.04", "24.04"},
		{"docker.io/library/ubuntu", "bionic", "noble"},
		{"docker.io/library/alpine", "3.12", "3.23"},
		{"docker.io/library/alpine", "3.12.1", "3.23.5"},
		{"docker.io/library/python", "3.8-slim-buster", "3.11-slim-trixie"},
		{"docker.io/library/python", "3.14-slim-buster", "3.14-slim-trixie"},
		{"docker.io/library/python", "2", "3"},
		{"docker.io/library/node", "14-alpine", "24-alpine"},
		{"docker.io/library/golang", "1.20-alpine3.18", "1.26-alpine3.23"},
		{"docker.io/library/golang", "1.20.5", "1.26.7"},
		{"registry.k8s.io/etcd", "3.4.10-0", ""},
		{"registry.k8s.io/kube-apiserver", "v1.29.4", "v1.36.4"},
		{"shop.example/x", "1-debian10", "1-debian13"},
		{"docker.io/library/nginx", "1.17", "1.30"},
		{"shop.example/x", "1", ""},
		{"docker.io/library/node", "10-debian10", "24-debian13"},
	} {
		got, ok, err := db.NewerTag(test.repository, test.tag, today)
		if err != nil || ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s:%s → %q, %v, %v, want %q", test.repository, test.tag, got, ok, err, test.want)
		}
	}
}
