echo local > local
