"""Where a quiz is shown: notebooks, Sphinx books, documents to print. Hosts never import each other."""
