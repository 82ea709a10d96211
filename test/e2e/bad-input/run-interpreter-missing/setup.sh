chmod 755 start.py
