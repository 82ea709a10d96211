def text():
    return "a note"
