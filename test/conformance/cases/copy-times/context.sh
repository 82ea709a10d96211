mkdir d; echo > d/f
touch -d @1 early; touch -d @-1 before; touch -d @-1.5 before-and-half; touch -d '1999-12-31 23:59:59.999999999Z' fraction; touch -d @1500000000 late
touch -d @1234567890 d/f; touch -d @1300000000 d
