"""An inspector's way in: the study, its trial master file by zone, and every list that is theirs to read."""
