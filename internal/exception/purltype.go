package exception

// languageOf is the language that syft and grype give to a type of package URL.
func languageOf(purlType string) string {
	switch purlType {
	case "npm":
		return "javascript"
	case "pypi":
		return "python"
	case "golang":
		return "go"
	case "maven":
		return "java"
	case "gem":
		return "ruby"
	case "cargo":
		return "rust"
	case "nuget":
		return "dotnet"
	case "composer":
		return "php"
	case "pub":
		return "dart"
	case "swift", "cocoapods":
		return "swift"
	case "hex":
		return "elixir"
	case "hackage":
		return "haskell"
	case "conan":
		return "c++"
	case "cran":
		return "R"
	}
	return ""
}

// syftType is the type that syft and grype give to a type of package URL, where
// it is another word.
func syftType(purlType string) string {
	switch purlType {
	case "pypi":
		return "python"
	case "golang":
		return "go-module"
	case "maven":
		return "java-archive"
	case "cargo":
		return "rust-crate"
	case "nuget":
		return "dotnet"
	case "composer":
		return "php-composer"
	case "pub":
		return "dart-pub"
	case "cran":
		return "R-package"
	}
	return purlType
}
