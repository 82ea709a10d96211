for f in a.txt b.txt cc.txt c.txt file .dot.txt; do echo $f > $f; done
mkdir -p sub1/deep sub2; echo 1 > sub1/x.c; echo 2 > sub2/x.c; echo 2 > sub2/y.c; echo 3 > sub1/deep/d; chmod 700 sub2
