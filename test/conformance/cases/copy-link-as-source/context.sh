mkdir -p tree etc; echo f > f; echo t > tree/f; ln -s f tree/inner; ln -s f to-file; ln -s tree to-dir; ln -s to-file twice
ln -s /f absolute; echo mine > etc/passwd; ln -s ../../../../../../etc/passwd out-of-it; ln -s ../f tree/up
