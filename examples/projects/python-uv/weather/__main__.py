import httpx

from .report import report

print(report(), httpx.__version__)
