"""The site: pages rendered on the server, a JSON API for all that they do, and the links that patients get."""
