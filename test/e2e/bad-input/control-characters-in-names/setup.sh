printf x >"$(printf 'notes\033.txt')"
