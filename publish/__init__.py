"""From the warehouse to public releases: disclosure control, files, descriptions, and the door to read them."""
