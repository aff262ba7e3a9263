package check

// nodePort is where the nodes of a gateway talk to each other, if nobody has changed it.
const nodePort = 8060

// ParseNode understands another node of the gateway: its name, and a port if it is another than 8060.
func ParseNode(text string) (Target, error) {
	t, err := parseHostPort(text, Target{Protocol: TCP, Port: nodePort})
	t.Role, t.Weight, t.Source = RoleNode, Required, "node"
	return t, err
}
