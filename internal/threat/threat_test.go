package threat

import "testing"

func TestMatrixIsComplete(t *testing.T) {
	m, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Tactics) != 10 || len(m.Techniques) != 88 {
		t.Fatalf("got %d tactics and %d techniques, want 10 and 88", len(m.Tactics), len(m.Techniques))
	}
	for _, technique := range m.Techniques {
		if !technique.Name.Complete() || !technique.Summary.Complete() {
			t.Errorf("%s lacks a name or summary in a language", technique.ID)
		}
		for _, key := range technique.Tactics {
			if _, ok := m.Tactic(key); !ok {
				t.Errorf("%s names tactic %q, which the matrix lacks", technique.ID, key)
			}
		}
		if got, ok := m.Technique(technique.ID); !ok || got.ID != technique.ID {
			t.Errorf("%s can't be found by its id", technique.ID)
		}
	}
}
