PRICE = 12


def total(count):
    return PRICE * count
