printf 'FROM base\nLABEL name="caf\351"\nRUNN x\n' >Dockerfile
