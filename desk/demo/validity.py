"""
Which papers of the demo are about to expire and which have expired, by place and artifact: days from today to their
last day. All others hold longer. A place is a site by its number, a country by its code, or the study itself.
"""

STUDY = ""
EXPIRING = {
    "vel": {
        ("8001", "08.01.04"): 5,
        ("1003", "08.01.04"): 8,
        ("2001", "05.02.05"): 12,
        ("2003", "08.01.04"): 15,
        ("6001", "04.01.02"): 18,
        ("4001", "08.01.01"): 21,
        ("7001", "08.01.04"): 27,
        ("DE", "02.01.06"): 30,
        ("6002", "04.01.02"): 33,
        ("1001", "05.02.04"): 37,
        ("4003", "05.02.06"): 44,
        (STUDY, "02.01.01"): 49,
        ("6003", "08.01.01"): 52,
        ("7002", "05.02.05"): 58,
    },
    "kin": {("3001", "08.01.04"): 26, ("3101", "05.02.06"): 47},
}
EXPIRED = {
    "vel": {("2002", "08.01.04"): -6, ("6003", "05.02.06"): -11},
    "kin": {},
}
# Every other paper is valid for so many days more at least: renewed when its former one ended.
HOLDS_FOR = 75
# The certificate of the investigator's training: its days are those the site's staff list says.
OF_THE_STAFF_LIST = "05.02.07"
