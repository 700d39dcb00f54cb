"""From the explorer's state to what each panel shows: frozen data, one module a panel."""
