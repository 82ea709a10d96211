printf '\177ELF\002\001\000\000\000' >Dockerfile
