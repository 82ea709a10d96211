const char *words(void) { return "words"; }
