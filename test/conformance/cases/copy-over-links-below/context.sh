mkdir -p state/real tree; echo target > state/target; cd state; ln -s target file; ln -s target link; ln -s real dir; ln -s nowhere gone; echo f > was-file
cd ../tree; echo new > file; ln -s other link; echo new > dir; echo new > gone; ln -s elsewhere was-file
