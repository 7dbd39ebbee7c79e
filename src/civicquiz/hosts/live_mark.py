"""What a live site and the book that it becomes part of agree on."""

__all__ = ["LIVE_MARK"]

#: The file in a live site that lists its ``notebooks`` and says how much a ``first_visit`` loads, in bytes.
LIVE_MARK = "civicquiz-live.json"
