mkdir empty-context
