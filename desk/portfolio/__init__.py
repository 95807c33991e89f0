"""The portfolio: a row a study with its time, enrolment, monitoring, file and money."""
