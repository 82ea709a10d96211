def report():
    return "sunny"
