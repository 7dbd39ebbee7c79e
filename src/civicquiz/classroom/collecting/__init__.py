"""What learners handed in -> submissions, from files, folders, archives and JSON Lines. Nothing of it is ever run."""

from civicquiz.classroom.collecting.archives import Found, Limits, Refused, UnusableError, walk
from civicquiz.classroom.collecting.path_hints import Named, named
from civicquiz.classroom.collecting.roster import Learner, Roster, RosterError, read_roster
from civicquiz.classroom.collecting.submissions import Submission, read_submission

__all__ = [
    "Found",
    "Learner",
    "Limits",
    "Named",
    "Refused",
    "Roster",
    "RosterError",
    "Submission",
    "UnusableError",
    "named",
    "read_roster",
    "read_submission",
    "walk",
]
