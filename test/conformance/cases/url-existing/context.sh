mkdir -p before/dir; echo old > before/f; chmod 755 before/f; ln -s f before/link; ln -s dir before/dirlink
