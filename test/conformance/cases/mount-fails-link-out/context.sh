ln -s /etc link
