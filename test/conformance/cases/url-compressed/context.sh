mkdir served; echo f | gzip -n > served/f.gz
