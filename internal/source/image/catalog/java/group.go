package java

import "strings"

// knownGroup is the group of an archive whose project does not write it into
// what it builds, by the beginning of the name. The longest beginning counts.
func knownGroup(name string) string {
	group, length := "", 0
	for _, known := range [...]struct{ begin, group string }{
		{"spring-", "org.springframework"}, {"spring-boot", "org.springframework.boot"}, {"spring-security-", "org.springframework.security"},
		{"spring-cloud-", "org.springframework.cloud"}, {"spring-data-", "org.springframework.data"}, {"spring-integration-", "org.springframework.integration"},
		{"spring-kafka", "org.springframework.kafka"}, {"spring-rabbit", "org.springframework.amqp"}, {"spring-amqp", "org.springframework.amqp"},
		{"spring-batch-", "org.springframework.batch"}, {"spring-session-", "org.springframework.session"}, {"spring-ws-", "org.springframework.ws"},
		{"spring-ldap-", "org.springframework.ldap"}, {"spring-hateoas", "org.springframework.hateoas"}, {"spring-plugin-", "org.springframework.plugin"},
		{"spring-restdocs-", "org.springframework.restdocs"}, {"spring-graphql", "org.springframework.graphql"}, {"spring-retry", "org.springframework.retry"},
		{"tomcat-", "org.apache.tomcat"}, {"tomcat-embed-", "org.apache.tomcat.embed"}, {"catalina", "org.apache.tomcat"},
		{"log4j-", "org.apache.logging.log4j"}, {"netty-", "io.netty"}, {"jetty-", "org.eclipse.jetty"}, {"undertow-", "io.undertow"},
		{"hibernate-", "org.hibernate"}, {"hibernate-validator", "org.hibernate.validator"}, {"hibernate-core", "org.hibernate.orm"},
		{"kafka-", "org.apache.kafka"}, {"kafka_", "org.apache.kafka"}, {"lucene-", "org.apache.lucene"}, {"groovy", "org.apache.groovy"}, {"kotlin-", "org.jetbrains.kotlin"},
		{"bcprov-", "org.bouncycastle"}, {"bcpkix-", "org.bouncycastle"}, {"bcutil-", "org.bouncycastle"}, {"bctls-", "org.bouncycastle"},
		{"micrometer-", "io.micrometer"}, {"reactor-core", "io.projectreactor"}, {"reactor-netty", "io.projectreactor.netty"},
		{"grpc-", "io.grpc"}, {"okhttp", "com.squareup.okhttp3"}, {"elasticsearch", "org.elasticsearch"}, {"opensearch", "org.opensearch"},
	} {
		if len(known.begin) > length && strings.HasPrefix(name, known.begin) {
			group, length = known.group, len(known.begin)
		}
	}
	if group == "" && isItsOwnGroup(name) {
		return name
	}
	return group
}

// isItsOwnGroup knows the old projects that have one name for both.
func isItsOwnGroup(name string) bool {
	switch name {
	case "log4j", "junit", "commons-io", "commons-codec", "commons-lang", "commons-logging", "commons-collections", "commons-fileupload",
		"commons-beanutils", "commons-dbcp", "commons-pool", "commons-cli", "commons-net", "commons-httpclient", "commons-configuration",
		"commons-digester", "commons-validator", "commons-discovery", "dom4j", "xerces", "xalan", "velocity", "jfree", "antlr", "mysql", "joda-time":
		return true
	}
	return false
}
