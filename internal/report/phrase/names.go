package phrase

import "github.com/foilsec/foil/internal/lang"

// names are the values of the model that people read, by group and value.
var names = map[string]lang.Text{
	"severity/critical": {EN: "critical", ZH: "严重"},
	"severity/high":     {EN: "high", ZH: "高"},
	"severity/medium":   {EN: "medium", ZH: "中"},
	"severity/low":      {EN: "low", ZH: "低"},
	"severity/info":     {EN: "info", ZH: "提示"},

	"state/open":     {EN: "open", ZH: "未处理"},
	"state/excepted": {EN: "excepted", ZH: "已豁免"},
	"state/known":    {EN: "known", ZH: "基线已知"},

	"status/passed":         {EN: "passed", ZH: "通过"},
	"status/failed":         {EN: "failed", ZH: "未通过"},
	"status/not-evaluated":  {EN: "not evaluated", ZH: "未评估"},
	"status/manual":         {EN: "manual", ZH: "需人工检查"},
	"status/not-applicable": {EN: "not applicable", ZH: "不适用"},

	"target/files":    {EN: "files", ZH: "文件"},
	"target/cluster":  {EN: "cluster", ZH: "集群"},
	"target/snapshot": {EN: "snapshot", ZH: "快照"},
	"target/stdin":    {EN: "standard input", ZH: "标准输入"},
	"target/image":    {EN: "image", ZH: "镜像"},
	"target/bill":     {EN: "bill of materials", ZH: "物料清单"},
	"target/packages": {EN: "packages", ZH: "软件包"},
}
