from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ctms.accounts"
    label = "accounts"

    def ready(self):
        from .security import listen

        listen()
