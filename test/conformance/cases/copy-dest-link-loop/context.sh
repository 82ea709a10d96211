mkdir state; echo f > f; ln -s b state/a; ln -s a state/b
