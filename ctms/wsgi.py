import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ctms.settings")

application = get_wsgi_application()

# What is loaded now stays until the process ends: looking it over for garbage took longer than making a page of a
# thousand rows. And such a page makes ten thousand objects: to look after every 700, the default, is for less.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
