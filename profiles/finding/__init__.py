"""Finding one's organisations: by a mail, and by what the browser remembers. `public` holds no list of people."""
