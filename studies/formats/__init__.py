"""Files that bring a study into the house: each format is read into one StudyFile."""
