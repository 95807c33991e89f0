from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ctms.exchange"
    label = "exchange"
