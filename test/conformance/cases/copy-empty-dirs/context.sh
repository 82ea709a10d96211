mkdir -p tree/a/x tree/a/y/z tree/b; chmod 1777 tree/a/x
