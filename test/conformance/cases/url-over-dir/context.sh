mkdir -p before/f
