"""Other formats in and out, one file for each; what is lost on the way is named."""
