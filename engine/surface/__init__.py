"""Loss surfaces: formula text to validated syntax tree to exact derivatives and fast evaluators."""
