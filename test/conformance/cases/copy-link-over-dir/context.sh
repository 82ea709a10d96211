mkdir -p state/x tree; ln -s y tree/x
