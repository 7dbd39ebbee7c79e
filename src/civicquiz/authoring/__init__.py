"""YAML text to plain values with positions, validation, Markdown to safe HTML, images."""
