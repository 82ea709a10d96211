mkdir -p below-context/d; echo out > f; echo in > below-context/f; echo d > below-context/d/d
