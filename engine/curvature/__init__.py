"""Everything about one point: Hessian, eigenpairs, condition number, stability limits, Taylor model."""
