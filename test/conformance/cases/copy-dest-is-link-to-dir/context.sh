mkdir -p state/real state/other tree/sub; chmod 700 state/real; echo f > f; echo t > tree/sub/t; cd state; ln -s real link; ln -s /other abs
ln -s other wd
