mkdir -p state/d; echo old > state/file; echo old > state/other; echo f > f; cd state; ln -s file link; ln -s /other d/abs
