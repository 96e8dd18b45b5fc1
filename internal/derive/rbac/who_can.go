package rbac

// Grant is one way in which somebody may do something.
type Grant struct {
	Subject Subject
	Binding *Binding
	Rule    GrantedRule // the first of the role that allows it
}

// WhoCan lists who may do what a question asks about, by every binding that lets
// them. Members of Masters may besides, whatever the rules say.
func (x *Index) WhoCan(q Question) []Grant {
	var grants []Grant
	for _, namespace := range scopes(q) {
		for i := range x.bindings {
			b := &x.bindings[i]
			if b.Namespace != namespace || b.Role == nil {
				continue
			}
			rule, ok := b.answer(q)
			if !ok {
				continue
			}
			for _, s := range b.Subjects {
				grants = append(grants, Grant{Subject: s, Binding: b, Rule: rule})
			}
		}
	}
	return grants
}
