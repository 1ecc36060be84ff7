"""`make bench`: figures, each a ratio of two things measured in one run. Not collected by pytest; nothing here is timed
by a test."""
