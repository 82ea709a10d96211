mkdir xdir; echo 2 > xa
