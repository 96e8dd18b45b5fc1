package lang

import "testing"

func TestTextFallsBack(t *testing.T) {
	both, english := Text{EN: "hello", ZH: "你好"}, Text{EN: "hello"}
	for _, c := range []struct {
		text Text
		in   Language
		want string
	}{
		{both, English, "hello"}, {both, Chinese, "你好"}, {english, Chinese, "hello"},
		{both, "", "hello"}, {both, "fr", "hello"}, {Text{}, Chinese, ""},
	} {
		if got := c.text.In(c.in); got != c.want {
			t.Errorf("%+v in %q = %q, want %q", c.text, c.in, got, c.want)
		}
	}
	if !both.Complete() || english.Complete() || (Text{ZH: "你好"}).Complete() {
		t.Error("a text is complete when it is there in both languages, and only then")
	}
}

func TestParseLocale(t *testing.T) {
	for locale, want := range map[string]Language{
		"zh_CN.UTF-8": Chinese, "zh": Chinese, "zh-Hans": Chinese, "ZH_cn": Chinese,
		"en_US.UTF-8": English, "C": English, "POSIX": English, "": English, "de_DE": English,
	} {
		if got := Parse(locale); got != want {
			t.Errorf("Parse(%q) = %q, want %q", locale, got, want)
		}
	}
}
