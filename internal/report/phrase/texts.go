package phrase

import "github.com/foilsec/foil/internal/lang"

// The phrases. Those in the first block are countable.
const (
	Objects Key = iota
	Workloads
	Findings
	OpenFindings
	Changes
	Places
	AutomaticChanges
	MoreGaps
	LeftOut
	OtherChanges

	Read
	RemovedBy
	ReadAndRemoved
	Queue
	RemovesOnly
	RemovesIn
	Why
	Fix
	Do
	Has
	Since
	MoreFlaws
	AndOthers
	FixedIn
	NotFixed
	ExploitedNow
	CodePresent
	CodeAbsent
	QueueIsShort
	Automatic
	NothingOpen
	NothingSeenOpen

	Compliance
	Score
	FailedOf
	ExceptedToo

	Summary
	Open
	Suppressed
	SuppressedBy
	Exceptions
	Matches
	MatchesNothing
	DecidedBy
	Until
	Forever

	Coverage
	CoverageComplete
	CoverageIncomplete
	NotEvaluated
	NotEvaluatedOn

	Next
	NextChange
	NextFix
	NextVerbose
	NextPage
	NextCoverage

	AllFindings
	OtherFindings
	NotSet
	Colon
	Comma

	ChangesLeftOut
	SeverityLabel
	StatusLabel
	ChangeLabel
	FindingLabel
	ControlLabel
	Evidence
	Place
	Risk
	Advice
	References
	Techniques
	Rules
	NotSeen

	SkipToQueue
	Search
	SearchHint
	Show
	Shown
	NothingMatches

	KindNotRead
	KindNotEvaluated
	KindLeftOut
	SourceRoot

	keys // the number of phrases
)

var texts = [keys]lang.Text{
	Objects:          {EN: "%d object|%d objects", ZH: "%d 个对象"},
	Workloads:        {EN: "%d workload|%d workloads", ZH: "%d 个工作负载"},
	Findings:         {EN: "%d finding|%d findings", ZH: "%d 个发现"},
	OpenFindings:     {EN: "%d open finding|%d open findings", ZH: "%d 个未处理的发现"},
	Changes:          {EN: "%d change|%d changes", ZH: "%d 项修改"},
	Places:           {EN: "%d place|%d places", ZH: "%d 处"},
	AutomaticChanges: {EN: "%d change that foil can write|%d changes that foil can write", ZH: "foil 可自动完成的 %d 项修改"},
	MoreGaps:         {EN: "and %d more, see --verbose|and %d more, see --verbose", ZH: "另有 %d 项，用 --verbose 查看"},
	OtherChanges:     {EN: "%d more change|%d more changes", ZH: "其余 %d 项修改"},
	LeftOut:          {EN: "%d finding with a low score is left out|%d findings with the lowest scores are left out", ZH: "省略了分数最低的 %d 个发现"},

	Read:            {EN: "Read %[1]s, of them %[2]s.", ZH: "读取了 %[1]s，其中 %[2]s。"},
	ReadAndRemoved:  {EN: "Read %[1]s, of them %[2]s. %[3]s, removed by %[4]s.", ZH: "读取了 %[1]s，其中 %[2]s。共 %[3]s，可由 %[4]s消除。"},
	RemovedBy:       {EN: "%[1]s, removed by %[2]s.", ZH: "共 %[1]s，可由 %[2]s消除。"},
	Queue:           {EN: "What to change, most worth first", ZH: "该改什么（最值得的在前）"},
	RemovesOnly:     {EN: "removes %s", ZH: "消除 %s"},
	RemovesIn:       {EN: "removes %[1]s in %[2]s", ZH: "消除 %[1]s，涉及 %[2]s"},
	Why:             {EN: "why", ZH: "原因"},
	Fix:             {EN: "fix", ZH: "修复"},
	Do:              {EN: "do", ZH: "建议"},
	Has:             {EN: "has", ZH: "包含"},
	Since:           {EN: "by", ZH: "来自"},
	MoreFlaws:       {EN: "and %d more", ZH: "以及另外 %d 个"},
	AndOthers:       {EN: "%s (and %d more of its source)", ZH: "%s（及同源的另外 %d 个软件包）"},
	FixedIn:         {EN: "fixed in %s", ZH: "已在 %s 中修复"},
	NotFixed:        {EN: "no fixed version known", ZH: "尚无已知修复版本"},
	ExploitedNow:    {EN: "exploited in the wild", ZH: "已被在野利用"},
	CodePresent:     {EN: "its code is linked", ZH: "相关代码已链接"},
	CodeAbsent:      {EN: "its code is not linked", ZH: "相关代码未链接"},
	QueueIsShort:    {EN: "From %d on without reasons and advice; --verbose shows them, and every finding.", ZH: "自第 %d 项起未列原因和建议；用 --verbose 查看这些内容和全部发现。"},
	Automatic:       {EN: "foil can write it", ZH: "foil 可自动完成"},
	NothingOpen:     {EN: "No open findings.", ZH: "没有未处理的发现。"},
	NothingSeenOpen: {EN: "No open findings in what could be read; see below what could not.", ZH: "在能读取的部分中没有未处理的发现；未能读取的部分见下。"},

	Compliance:  {EN: "Compliance with %s", ZH: "%s 合规情况"},
	Score:       {EN: "%s of 100", ZH: "%s 分（满分 100）"},
	ExceptedToo: {EN: "%d excepted", ZH: "%d 个已豁免"},
	FailedOf:    {EN: "%[1]d of %[2]d failed", ZH: "%[2]d 个中 %[1]d 个未通过"},

	Summary:        {EN: "Summary", ZH: "汇总"},
	Open:           {EN: "open", ZH: "未处理"},
	Suppressed:     {EN: "suppressed", ZH: "已抑制"},
	SuppressedBy:   {EN: "%[1]d by exceptions, %[2]d known from the baseline", ZH: "%[1]d 个由豁免抑制，%[2]d 个为基线已知"},
	Exceptions:     {EN: "Exceptions", ZH: "豁免"},
	Matches:        {EN: "%[1]s suppresses %[2]s", ZH: "%[1]s 抑制 %[2]s"},
	MatchesNothing: {EN: "%[1]s matches nothing: remove it", ZH: "%[1]s 未匹配任何发现：请删除"},
	DecidedBy:      {EN: "%[1]s, by %[2]s, %[3]s", ZH: "%[1]s，决定人 %[2]s，%[3]s"},
	Until:          {EN: "until %s", ZH: "有效期至 %s"},
	Forever:        {EN: "without an end", ZH: "无期限"},

	Coverage:           {EN: "Coverage", ZH: "覆盖范围"},
	CoverageComplete:   {EN: "Complete: everything that was asked for was read and evaluated.", ZH: "完整：要求扫描的内容均已读取并评估。"},
	CoverageIncomplete: {EN: "INCOMPLETE: what follows was not seen, so the real state can be worse than shown.", ZH: "不完整：以下内容未能看到，实际情况可能比所示更差。"},
	NotEvaluated:       {EN: "%s was not evaluated at all", ZH: "%s 完全未评估"},
	NotEvaluatedOn:     {EN: "%[1]s was not evaluated on %[2]s", ZH: "%[1]s 未评估于 %[2]s"},

	Next:         {EN: "Next", ZH: "下一步"},
	NextChange:   {EN: "Start with change 1: %s.", ZH: "从第 1 项开始：%s。"},
	NextFix:      {EN: "see the diff of %s", ZH: "查看 %s的差异"},
	NextVerbose:  {EN: "see every finding", ZH: "查看全部发现"},
	NextPage:     {EN: "the same as a page to search and share", ZH: "生成可搜索、可分享的网页"},
	NextCoverage: {EN: "First make what was not seen readable: until then the result is incomplete.", ZH: "请先让未看到的内容可读取：在此之前结果不完整。"},

	AllFindings:   {EN: "Findings", ZH: "发现"},
	OtherFindings: {EN: "Findings outside of the queue", ZH: "不在修改列表中的发现"},
	NotSet:        {EN: "not set", ZH: "未设置"},
	Colon:         {EN: ": ", ZH: "："},
	Comma:         {EN: ", ", ZH: "，"},

	ChangesLeftOut: {EN: "Left out, because the comment is full: %[1]s with %[2]s.", ZH: "因评论长度已满而省略：%[1]s，包含 %[2]s。"},
	SeverityLabel:  {EN: "Severity", ZH: "严重程度"},
	StatusLabel:    {EN: "Status", ZH: "结果"},
	ChangeLabel:    {EN: "Change", ZH: "修改"},
	FindingLabel:   {EN: "Finding", ZH: "发现"},
	ControlLabel:   {EN: "Requirement", ZH: "要求"},
	Evidence:       {EN: "Evidence", ZH: "证据"},
	Place:          {EN: "Place", ZH: "位置"},
	Risk:           {EN: "Risk", ZH: "风险"},
	Advice:         {EN: "Advice", ZH: "建议"},
	References:     {EN: "References", ZH: "参考资料"},
	Techniques:     {EN: "Techniques", ZH: "攻击技术"},
	Rules:          {EN: "Rules", ZH: "规则"},
	NotSeen:        {EN: "What was not seen", ZH: "未能看到的内容"},

	SkipToQueue:    {EN: "Skip to the queue of changes", ZH: "跳到修改列表"},
	Search:         {EN: "Search", ZH: "搜索"},
	SearchHint:     {EN: "object, rule, file, field", ZH: "对象、规则、文件、字段"},
	Show:           {EN: "Show", ZH: "显示"},
	Shown:          {EN: "shown", ZH: "项已显示"},
	NothingMatches: {EN: "Nothing matches the filter.", ZH: "没有符合筛选条件的内容。"},

	KindNotRead:      {EN: "Something that was to be scanned could not be read. What is in it is unknown.", ZH: "有要扫描的内容无法读取，其中情况未知。"},
	KindNotEvaluated: {EN: "A rule gave no verdict. This is not the same as a pass.", ZH: "有规则未得出结论，这不等于通过。"},
	KindLeftOut:      {EN: "There are more findings than this form may hold; those with the lowest scores are left out.", ZH: "发现的数量超过此格式的上限，省略了分数最低的部分。"},
	SourceRoot:       {EN: "The folder that foil was started in.", ZH: "启动 foil 时所在的目录。"},
}
