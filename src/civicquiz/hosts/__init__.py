"""Where a quiz is shown: notebooks, Sphinx books, MyST sites, documents to print. Hosts never import each other."""
