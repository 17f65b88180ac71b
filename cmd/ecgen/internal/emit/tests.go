package emit

func (g *generator) tests() {}
