echo f > 'a\b'; mkdir 'dir\x'; echo f > 'dir\x/f1'
