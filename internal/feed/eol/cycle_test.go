package eol

import "testing"

func TestCycleOfAVersion(t *testing.T) {
	tests := []struct{ product, version, want string }{
		{"debian", "12", "12"},
		{"debian", "12.5", "12"},
		{"debian", "bookworm", "12"},
		{"debian", "", ""},
		{"alpine-linux", "3.20.1", "3.20"},
		{"ubuntu", "22.04", "22.04"},
		{"ubuntu", "jammy", "22.04"},
		{"go", "1.25.3", "1.25"},
		{"go", "go1.25rc1", "1.25"},
		{"ruby", "2.0.0p648", "2.0.0"},
		{"ruby", "2.0.0-p648", "2.0.0"},
		{"spring-boot", "2.7.18.RELEASE", "2.7"},
		{"spring-boot", "2.7.0-SNAPSHOT", "2.7"},
		{"postgresql", "15.3-0+deb12u1", "15"},
		{"postgresql", "15+248", "15"},
		{"postgresql", "9.6.24", "9.6"},
		{"php", "2:8.2+93", "8.2"},
		{"redis", "5:7.0.15-1~deb12u1", "7.0"},
		{"kubernetes", "v1.29.4-gke.1043004", "1.29"},
		{"openssl", "1.1.1w-0+deb11u1", "1.1.1"},
		{"openssl", "3.0.11-1~deb12u2", "3.0"},
		{"eclipse-temurin", "8u392-b08-jre", "8"},
		{"eclipse-temurin", "1.8.0_392", "8"},
		{"eclipse-temurin", "17.0.9_9-jre", "17"},
		{"log4j", "2.12.4", "2.12"},
		{"log4j", "2.17.1", "2"},
		{"log4j", "2.3.2", "2.3"},
		{"log4j", "1.2.17", "1"},
		{"amazon-linux", "2023.3.20240108", "2023"},
		{"mulesoft-runtime", "4.6-lts", "4.6-lts"},
		{"mulesoft-runtime", "4.4.0", "4.4"},
		{"linuxmint", "lmde6", "lmde6"},
		{"linuxmint", "21.2", "21.2"},
		{"ros", "noetic", "noetic"},
		{"nginx", "mainline", ""},
		{"nginx", "9", ""},
	}
	db := embedded(t)
	for _, test := range tests {
		p, err := db.Product(test.product)
		if err != nil || p == nil {
			t.Fatalf("%s: %v, %v", test.product, p, err)
		}
		got := ""
		if c, ok := p.Cycle(test.version); ok {
			got = c.Name
		}
		if got != test.want {
			t.Errorf("%s %q is of cycle %q, want %q", test.product, test.version, got, test.want)
		}
	}
}

func TestLongestCycleWins(t *testing.T) {
	p := &Product{Cycles: []Cycle{{Name: "2"}, {Name: "2.12"}, {Name: "2.12.1"}, {Name: "named"}, {Name: "20"}}}
	for version, want := range map[string]string{"2.12.1.9": "2.12.1", "2.12.10": "2.12", "2.1": "2", "02.12": "2.12", "named-7": "named", "20.1": "20"} {
		if c, ok := p.Cycle(version); !ok || c.Name != want {
			t.Errorf("%s: %v, want %s", version, c, want)
		}
	}
}

func TestFloating(t *testing.T) {
	p, err := embedded(t).Product("python")
	if err != nil {
		t.Fatal(err)
	}
	if list := p.Floating("2"); len(list) == 0 || list[0].Name != "2.7" {
		t.Errorf("python:2 floats to %v, want 2.7", list)
	}
	if list := p.Floating("2.7"); len(list) != 0 {
		t.Errorf("2.7 is a cycle and floats to %v", list)
	}
}

func TestStatus(t *testing.T) {
	day := func(s string) Mark {
		d, err := ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return On(d)
	}
	tests := []struct {
		name, today string
		cycle       Cycle
		want        Support
		until       string
	}{
		{"nothing known", "2026-01-01", Cycle{}, Undated, ""},
		{"active", "2026-01-01", Cycle{EOAS: day("2026-06-01"), EOL: day("2027-01-01")}, Active, "2027-01-01"},
		{"security only", "2026-06-02", Cycle{EOAS: day("2026-06-01"), EOL: day("2027-01-01")}, Security, "2027-01-01"},
		{"the last day", "2027-01-01", Cycle{EOL: day("2027-01-01")}, Active, "2027-01-01"},
		{"the day after", "2027-01-02", Cycle{EOL: day("2027-01-01")}, Ended, "2027-01-01"},
		{"extended", "2027-01-02", Cycle{EOL: day("2027-01-01"), EOES: day("2030-01-01")}, Extended, "2030-01-01"},
		{"extended without an end", "2027-01-02", Cycle{EOL: day("2027-01-01"), EOES: Flag(false)}, Extended, "no"},
		{"extended over", "2030-01-02", Cycle{EOL: day("2027-01-01"), EOES: day("2030-01-01")}, Ended, "2030-01-01"},
		{"extended that ended first", "2027-01-02", Cycle{EOL: day("2027-01-01"), EOES: day("2026-01-01")}, Ended, "2027-01-01"},
		{"ended at some time", "2027-01-02", Cycle{EOL: Flag(true)}, Ended, "yes"},
		{"no end planned", "2027-01-02", Cycle{EOL: Flag(false)}, Active, "no"},
	}
	for _, test := range tests {
		today, _ := day(test.today).Day()
		if got := test.cycle.Status(today); got.Support != test.want || got.Until.String() != test.until {
			t.Errorf("%s: %v until %v, want %v until %v", test.name, got.Support, got.Until, test.want, test.until)
		}
	}
}

func TestNext(t *testing.T) {
	db := embedded(t)
	today, _ := ParseDay("2026-11-25")
	for _, test := range []struct{ product, from, want string }{
		{"debian", "11", "13"},
		{"nodejs", "18", "24"},
		{"python", "3.9", "3.11"},
		{"alpine-linux", "3.18", "3.23"},
		{"ubuntu", "18.04", "24.04"},
		{"postgresql", "11", "15"},
		{"kubernetes", "1.36", ""},
	} {
		p, err := db.Product(test.product)
		if err != nil || p == nil {
			t.Fatal(test.product, err)
		}
		from, _ := p.Cycle(test.from)
		got := ""
		if c, ok := p.Next(from, today); ok {
			got = c.Name
		}
		if got != test.want {
			t.Errorf("%s %s: next is %q, want %q", test.product, test.from, got, test.want)
		}
	}
}
