mkdir -p state tree; echo f > f; echo t > tree/t; cd state; ln -s made link; ln -s not/there/yet deep; ln -s made-dir dirlink
ln -s made-slash slash
