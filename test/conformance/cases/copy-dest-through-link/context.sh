mkdir -p state/usr/lib state/real state/sub tree; echo f > f; echo t > tree/t; cd state; ln -s usr/lib lib; ln -s /real abs
ln -s abs chain; ln -s ../real sub/up; ln -s sub/up up; ln -s ../../../../../real out
