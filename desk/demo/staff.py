"""Who works at the sites: names that are usual in each country, and nobody who exists."""

GIVEN = {
    "ES": ("Marta", "Sergi", "Alba", "Jorge", "Nuria", "Elena", "Pablo", "Rocío"),
    "DE": ("Birgit", "Nils", "Heike", "Jan", "Petra", "Lars", "Anja", "Volker"),
    "PL": ("Iwona", "Kamila", "Piotr", "Agata", "Michał", "Zofia", "Rafał", "Joanna"),
    "US": ("Denise", "Carlos", "Tara", "Kevin", "Monique", "Brett", "Alicia", "Wendell"),
    "GB": ("Rachel", "Imran", "Gemma", "Stuart", "Priya", "Callum"),
    "CZ": ("Lenka", "Tomáš", "Hana", "Ondřej"),
    "FR": ("Sylvie", "Mathieu", "Élodie", "Pascal"),
    "IT": ("Paola", "Dario", "Elisa", "Matteo"),
    "AU": ("Kirsty", "Lachlan", "Bronwyn", "Damien"),
    "HU": ("Ildikó", "Zsolt", "Erika", "Attila"),
    "CA": ("Danielle", "Trevor", "Manon", "Curtis"),
}
FAMILY = {
    "ES": ("Soler", "Mas", "Campos", "Pons", "Peris", "Rius", "Vidal", "Robles"),
    "DE": ("Fahl", "Kramer", "Oster", "Wendt", "Imhof", "Riemann", "Zander", "Thiel"),
    "PL": ("Kruk", "Bury", "Walczak", "Gajda", "Sroka", "Bielak", "Czarny", "Wrona"),
    "US": ("Hollis", "Reyes", "Whitaker", "Bowden", "Tremaine", "Yoder", "Caldwell", "Ostrow"),
    "GB": ("Penrose", "Hussain", "Thorley", "Blakey", "Nayar", "Stokes"),
    "CZ": ("Bartošová", "Kolář", "Veselá", "Dušek"),
    "FR": ("Guérin", "Lemoine", "Charrier", "Tissot"),
    "IT": ("Galli", "Ferraris", "Rossetti", "Zanin"),
    "AU": ("Pearce", "Doyle", "Haines", "Whitmore"),
    "HU": ("Bodnár", "Vas", "Szűcs", "Kelemen"),
    "CA": ("Arsenault", "Beaton", "Lavigne", "McLeod"),
}
# role, title, delegated tasks; every open site has the first, some have the others.
ROLES = (
    ("STUDY_COORDINATOR", "", ("DATA_ENTRY", "QUERIES", "CONSENT")),
    ("SUB_INVESTIGATOR", "Dr", ("ELIGIBILITY", "EXAMINATION", "ADVERSE_EVENTS")),
    ("PHARMACIST", "", ("DISPENSING", "ACCOUNTABILITY")),
)
# The people the demo speaks of by name: site -> [(role, given, family, GCP expires in days)].
NAMED = {
    "2001": (("STUDY_COORDINATOR", "Marta", "Soler", 410), ("SUB_INVESTIGATOR", "Jorge", "Pons", 43),
             ("PHARMACIST", "Elena", "Rius", 300)),
    "2002": (("STUDY_COORDINATOR", "Sergi", "Mas", 22), ("SUB_INVESTIGATOR", "Nuria", "Peris", 520)),
    "2003": (("STUDY_COORDINATOR", "Alba", "Campos", 260), ("PHARMACIST", "Rocío", "Vidal", 610)),
    "1001": (("STUDY_COORDINATOR", "Birgit", "Fahl", 190), ("PHARMACIST", "Lars", "Wendt", 51)),
    "1002": (("STUDY_COORDINATOR", "Nils", "Kramer", 88), ("SUB_INVESTIGATOR", "Anja", "Imhof", 700)),
    "4001": (("STUDY_COORDINATOR", "Iwona", "Kruk", 150), ("SUB_INVESTIGATOR", "Piotr", "Walczak", 640)),
    "4002": (("STUDY_COORDINATOR", "Kamila", "Bury", 700),),
    "3101": (("STUDY_COORDINATOR", "Sylvie", "Guérin", 34),),
}  # fmt: skip
EXPIRING = 14
EXPIRES_WITHIN = 60
